//! The same drawing as PNG, for Word and for chat programs that take no SVG.

use std::{
    io::Write as _,
    sync::{Arc, LazyLock},
};

use ::png::{BitDepth, ColorType, Compression, Encoder, EncodingError, PixelDimensions, Unit};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::sentinels::GRID;
use super::text::FONT_FILES;
use super::{ChartError, Svg, theme};

/// Pixels per CSS pixel.
const SCALE: f64 = 2.0;
/// 192 dots per inch.
const PIXELS_PER_METRE: u32 = 7559;
/// Lines drawn together.
const BAND: u32 = 512;
/// More than any printed page needs.
const MOST_PIXELS: u64 = 60_000_000;

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for file in FONT_FILES {
        fonts.load_font_data(file.to_vec());
    }
    fonts.set_sans_serif_family(theme::FAMILY);
    Arc::new(fonts)
});

/// Draws `svg` at twice its size on white: RGB, 192 dpi. Band by band, so that a large picture takes no more memory than
/// a small one.
pub fn render(svg: &Svg) -> Result<Vec<u8>, ChartError> {
    let options = Options { font_family: theme::FAMILY.to_owned(), fontdb: Arc::clone(&FONTS), ..Options::default() };
    let tree = Tree::from_str(svg.as_str(), &options).map_err(|cause| ChartError::Reading(cause.to_string()))?;
    let [width, height] = [tree.size().width(), tree.size().height()].map(pixels);
    let too_large = || ChartError::TooLarge(width, height);
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(too_large());
    }
    let mut file = Vec::new();
    let mut encoder = encoder(&mut file, width, height).write_header()?;
    let mut lines = encoder.stream_writer()?;
    let mut band = Pixmap::new(width, BAND.min(height)).ok_or_else(too_large)?;
    #[expect(clippy::cast_possible_truncation, reason = "0.2 needs no double")]
    let scale = Transform::from_scale((SCALE / GRID) as f32, (SCALE / GRID) as f32);
    for top in (0..height).step_by(BAND as usize) {
        band.fill(Color::WHITE);
        #[expect(clippy::cast_precision_loss, reason = "far below the 16 million that a float counts exactly")]
        let here = scale.post_translate(0.0, -(top as f32));
        resvg::render(&tree, here, &mut band.as_mut());
        let used = (height - top).min(BAND) * width;
        lines.write_all(&colours(band.data(), used as usize)).map_err(EncodingError::from)?;
    }
    lines.finish()?;
    encoder.finish()?;
    Ok(file)
}

/// Size of the picture for a size on the drawing's grid.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size is positive, and a cast saturates")]
fn pixels(grid: f32) -> u32 {
    (f64::from(grid) * SCALE / GRID).ceil() as u32
}

fn encoder(file: &mut Vec<u8>, width: u32, height: u32) -> Encoder<'static, &mut Vec<u8>> {
    let mut encoder = Encoder::new(file, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: PIXELS_PER_METRE, yppu: PIXELS_PER_METRE, unit: Unit::Meter }));
    encoder
}

/// The first pixels without their alpha: on white nothing is see-through any more.
fn colours(pixels: &[u8], count: usize) -> Vec<u8> {
    let mut colours = Vec::with_capacity(3 * count);
    for [red, green, blue, _] in pixels.as_chunks::<4>().0.iter().take(count) {
        colours.extend_from_slice(&[*red, *green, *blue]);
    }
    colours
}
