//! The same drawing as PNG, for Word and for chat programs that take no SVG.

use std::sync::{Arc, LazyLock};

use ::png::{BitDepth, ColorType, Compression, Encoder, PixelDimensions, Unit};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::sentinels::GRID;
use super::text::FONT_FILES;
use super::{ChartError, Svg, theme};

/// Pixels per CSS pixel.
const SCALE: f64 = 2.0;
/// 192 dots per inch.
const PIXELS_PER_METRE: u32 = 7559;
/// More than any printed page needs, and 80 MB of memory.
const MOST_PIXELS: u64 = 20_000_000;

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for file in FONT_FILES {
        fonts.load_font_data(file.to_vec());
    }
    fonts.set_sans_serif_family(theme::FAMILY);
    Arc::new(fonts)
});

/// Draws `svg` at twice its size on white: RGB, 192 dpi.
pub fn render(svg: &Svg) -> Result<Vec<u8>, ChartError> {
    let options = Options { font_family: theme::FAMILY.to_owned(), fontdb: Arc::clone(&FONTS), ..Options::default() };
    let tree = Tree::from_str(svg.as_str(), &options).map_err(|cause| ChartError::Reading(cause.to_string()))?;
    let [width, height] = [tree.size().width(), tree.size().height()].map(pixels);
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(ChartError::TooLarge(width, height));
    }
    let mut picture = Pixmap::new(width, height).ok_or(ChartError::TooLarge(width, height))?;
    picture.fill(Color::WHITE);
    #[expect(clippy::cast_possible_truncation, reason = "0.2 needs no double")]
    let scale = (SCALE / GRID) as f32;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    encode(&picture)
}

/// Size of the picture for a size on the drawing's grid.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size is positive, and a cast saturates")]
fn pixels(grid: f32) -> u32 {
    (f64::from(grid) * SCALE / GRID).ceil() as u32
}

fn encode(picture: &Pixmap) -> Result<Vec<u8>, ChartError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, picture.width(), picture.height());
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: PIXELS_PER_METRE, yppu: PIXELS_PER_METRE, unit: Unit::Meter }));
    let mut writer = encoder.write_header()?;
    // On white nothing is see-through any more, so that the alpha can be left out.
    let mut colours = Vec::with_capacity(picture.data().len() / 4 * 3);
    for [red, green, blue, _] in picture.data().as_chunks::<4>().0 {
        colours.extend_from_slice(&[*red, *green, *blue]);
    }
    writer.write_image_data(&colours)?;
    writer.finish()?;
    Ok(file)
}
