//! Colours, type and sizes of every chart: the only place with a number for them (contrast figures in brackets are on white).

use plotters::style::RGBColor;

use super::text::Lettering;

/// Main text (17.4).
pub const INK: RGBColor = RGBColor(0x1A, 0x1A, 0x1A);
/// Second text, target lines (8.9).
pub const SECOND: RGBColor = RGBColor(0x4A, 0x4A, 0x4A);
/// Muted text: axes, subtitles, footers (6.1).
pub const MUTED: RGBColor = RGBColor(0x5F, 0x63, 0x68);
/// Axis lines and thin outlines (3.5).
pub const AXIS: RGBColor = RGBColor(0x8A, 0x8A, 0x8A);
/// Grid lines; decoration only.
pub const GRID: RGBColor = RGBColor(0xE3, 0xE3, 0xE3);
/// What a bar runs on; decoration only.
pub const TRACK: RGBColor = RGBColor(0xF0, 0xF2, 0xF4);
/// Lines of the hatch that marks what was not reported.
pub const HATCH: RGBColor = RGBColor(0xC4, 0xC9, 0xCE);
/// Paper.
pub const WHITE: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);

/// Main series, and "target reached" (6.6); labels on it are white.
pub const REACHED: RGBColor = RGBColor(0x0B, 0x5F, 0xA5);
/// Target not reached, same hue (2.3); labels on it are ink.
pub const NOT_REACHED: RGBColor = RGBColor(0x86, 0xB0, 0xD6);
/// Low or falling (5.4); labels on it are white.
pub const WARNING: RGBColor = RGBColor(0xB4, 0x47, 0x1F);

/// Four steps of a share, the least first (1.5, 2.3, 4.0, 10.8).
pub const STEPS: [RGBColor; 4] =
    [RGBColor(0xBF, 0xD6, 0xEA), NOT_REACHED, RGBColor(0x44, 0x84, 0xBE), RGBColor(0x08, 0x3E, 0x73)];

/// Lines of a trend, in the order the series are given.
pub const SERIES: [RGBColor; 4] = [REACHED, RGBColor(0x7A, 0x4B, 0x94), RGBColor(0x00, 0x73, 0x5C), WARNING];

/// Zone "xanh" (3.4); plain; its letter in ink.
pub const ZONE_GREEN: RGBColor = RGBColor(0x2B, 0x9B, 0x83);
/// Zone "vàng" (1.2, so outlined in [`AXIS`]); dotted; its letter in ink.
pub const ZONE_YELLOW: RGBColor = RGBColor(0xFF, 0xE6, 0x80);
/// Zone "cam" (3.1); diagonal hatch; its letter in ink.
pub const ZONE_ORANGE: RGBColor = RGBColor(0xE8, 0x70, 0x0A);
/// Zone "đỏ" (8.2); cross hatch; its letter in white.
pub const ZONE_RED: RGBColor = RGBColor(0x99, 0x1B, 0x30);

/// The dots of zone "vàng".
pub const ZONE_YELLOW_DOTS: RGBColor = RGBColor(0xC9, 0xA3, 0x3A);
/// The lines of zone "cam".
pub const ZONE_ORANGE_LINES: RGBColor = RGBColor(0xB8, 0x52, 0x00);
/// The lines of zone "đỏ".
pub const ZONE_RED_LINES: RGBColor = RGBColor(0xC0, 0x6A, 0x79);
/// The days of a drive behind what is drawn; decoration only.
pub const WINDOW: RGBColor = RGBColor(0xDC, 0xE8, 0xF4);

/// The one typeface of pages and charts.
pub const FAMILY: &str = "Noto Sans";

/// Left edge of all text, and the least distance to the right edge, in CSS pixels.
pub const MARGIN: f64 = 16.0;
/// Width of a chart with one plot.
pub const WIDE: f64 = 760.0;
/// Width of a chart with panels side by side.
pub const WIDE_PANELS: f64 = 860.0;
/// Width of the drawing made for phones.
pub const PHONE: f64 = 380.0;
/// Width of the narrowest screen the phone drawing is shown on.
pub const NARROWEST_SCREEN: f64 = 360.0;

/// Type sizes; a phone shows its drawing a little reduced, so that nothing there is set smaller than 12.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    /// The finding.
    pub title: Lettering,
    /// What, where, when, unit.
    pub subtitle: Lettering,
    /// Names of rows.
    pub label: Lettering,
    /// Names of columns and panels.
    pub heading: Lettering,
    /// Figures in and beside bars.
    pub value: Lettering,
    /// Axes, keys, small notes.
    pub axis: Lettering,
    /// Source and date.
    pub footer: Lettering,
}

/// Type of the wide drawings.
pub const WIDE_TYPE: Type = Type {
    title: Lettering::semibold(20.0, INK),
    subtitle: Lettering::regular(14.0, MUTED),
    label: Lettering::regular(13.0, INK),
    heading: Lettering::semibold(13.0, INK),
    value: Lettering::semibold(12.0, INK),
    axis: Lettering::regular(12.0, MUTED),
    footer: Lettering::regular(11.5, MUTED),
};

/// Type of the phone drawings.
pub const PHONE_TYPE: Type = Type {
    title: Lettering::semibold(19.0, INK),
    subtitle: Lettering::regular(14.0, MUTED),
    label: Lettering::regular(14.0, INK),
    heading: Lettering::semibold(14.0, INK),
    value: Lettering::semibold(13.0, INK),
    axis: Lettering::regular(12.0, MUTED),
    footer: Lettering::regular(12.0, MUTED),
};
