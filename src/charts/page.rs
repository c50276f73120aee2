//! A frame laid out at one width: the finding above the body, the source below it, and the sentence said when there is
//! nothing to show.

use super::canvas::{Align, Area, Canvas, Fill, number};
use super::compose::compose;
use super::frame::{Frame, Width};
use super::marks::Marks;
use super::number::Locale;
use super::text::{Lettering, clean, wrap};
use super::theme::{self, Type};
use super::{ChartError, Svg};

/// A frame laid out at one width, waiting for a body of known height.
pub(super) struct Page<'f> {
    frame: &'f Frame,
    drawing: Width,
    width: f64,
    margin: f64,
    letters: &'static Type,
    title: Vec<String>,
    subtitle: Vec<String>,
    footer: Vec<String>,
}

const TOP: f64 = 14.0;
const BELOW_TITLE: f64 = 4.0;
const BELOW_HEADING: f64 = 16.0;
const ABOVE_FOOTER: f64 = 12.0;
const BOTTOM: f64 = 14.0;

impl<'f> Page<'f> {
    /// Lays out `frame`; `wide` is the width of the wide drawing.
    pub fn new(frame: &'f Frame, drawing: Width, wide: f64) -> Self {
        let (width, letters) = match drawing {
            Width::Wide => (wide, &theme::WIDE_TYPE),
            Width::Phone => (theme::PHONE, &theme::PHONE_TYPE),
        };
        let room = width - 2.0 * theme::MARGIN;
        let lay = |text: &str, lettering: Lettering, most| wrap(&clean(text), lettering, room, most);
        Self {
            frame,
            drawing,
            width,
            margin: theme::MARGIN,
            letters,
            title: lay(&frame.title, letters.title, 4),
            subtitle: lay(&frame.subtitle, letters.subtitle, 4),
            footer: lay(&frame.footer, letters.footer, 6),
        }
    }

    /// The type sizes at this width.
    pub fn letters(&self) -> &'static Type {
        self.letters
    }

    /// How figures and days are written.
    pub fn locale(&self) -> Locale {
        self.frame.locale
    }

    /// Where the body begins.
    pub fn top(&self) -> f64 {
        self.below_title() + height(&self.subtitle, self.letters.subtitle) + BELOW_HEADING
    }

    fn below_title(&self) -> f64 {
        TOP + height(&self.title, self.letters.title) + BELOW_TITLE
    }

    /// Left edge of the body.
    pub fn left(&self) -> f64 {
        self.margin
    }

    /// Right edge of the body.
    pub fn right(&self) -> f64 {
        self.width - self.margin
    }

    /// Width of the body.
    pub fn room(&self) -> f64 {
        self.right() - self.left()
    }

    /// The picture with `body` drawn between [`Page::top`] and `bottom`.
    pub fn draw(
        &self,
        bottom: f64,
        body: impl FnOnce(&mut Canvas<'_>, &mut Marks) -> Result<(), ChartError>,
    ) -> Result<Svg, ChartError> {
        let has_footer = if self.footer.is_empty() { 0.0 } else { ABOVE_FOOTER };
        // Whole pixels in the PNG, which is twice as large.
        let total = ((bottom + has_footer + height(&self.footer, self.letters.footer) + BOTTOM) * 2.0).ceil() / 2.0;
        let mut markup = String::new();
        let mut marks = Marks::default();
        let mut canvas = Canvas::new(&mut markup, self.width, total);
        self.block(&mut canvas, TOP, &self.title, self.letters.title)?;
        self.block(&mut canvas, self.below_title(), &self.subtitle, self.letters.subtitle)?;
        body(&mut canvas, &mut marks)?;
        self.block(&mut canvas, bottom + has_footer, &self.footer, self.letters.footer)?;
        let sentinels = canvas.finish()?;
        Ok(compose((self.frame, self.drawing), &markup, &sentinels, &marks))
    }

    /// The picture of nothing: the frame, and the sentence that says so.
    pub fn empty(&self) -> Result<Svg, ChartError> {
        const PADDING: f64 = 24.0;
        let lettering = self.letters.label.coloured(theme::MUTED);
        let lines = wrap(&clean(&self.frame.no_data), lettering, self.room() - 2.0 * PADDING, 4);
        let area = Area {
            left: self.left(),
            top: self.top(),
            width: self.room(),
            height: height(&lines, lettering) + 2.0 * PADDING,
        };
        self.draw(area.bottom(), |canvas, _| {
            canvas.rect(area, Fill::Plain(theme::TRACK))?;
            canvas.lines((area.left + area.width / 2.0, area.middle()), &lines, lettering, Align::Middle)
        })
    }

    fn block(
        &self,
        canvas: &mut Canvas<'_>,
        top: f64,
        lines: &[String],
        lettering: Lettering,
    ) -> Result<(), ChartError> {
        canvas.lines((self.left(), top + height(lines, lettering) / 2.0), lines, lettering, Align::Start)
    }
}

/// Height of lines of text.
pub(super) fn height(lines: &[String], lettering: Lettering) -> f64 {
    number(lines.len()) * lettering.line_height()
}

/// Width of the widest of these lines.
pub(super) fn widest<'t>(lines: impl IntoIterator<Item = &'t String>, lettering: Lettering) -> f64 {
    lines.into_iter().map(|line| lettering.width(line)).fold(0.0, f64::max)
}
