//! From what plotters wrote to what a page shows: accessible head, patterns and dashes, links.

use std::fmt::Write as _;

use super::frame::{Frame, Width};
use super::marks::Marks;
use super::sentinels::{Fill, Sentinels, hex};
use super::text::{clean, escape};
use super::{Svg, theme};
use crate::domain::zone::Colour;

/// The picture: plotters' `markup` in the frame, under the layer of `marks`.
pub(super) fn compose((frame, width): (&Frame, Width), markup: &str, sentinels: &Sentinels, marks: &Marks) -> Svg {
    let id = safe_id(&frame.id, width);
    let (head, drawing) = split(markup);
    let role = if marks.has_links() { "group" } else { "img" };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{head}\" role=\"{role}\" lang=\"{}\" font-family=\"'{}', sans-serif\" \
         aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n",
        frame.locale.tag(),
        theme::FAMILY,
        escape(&clean(&frame.title)),
        escape(&clean(&frame.description)),
    );
    svg.push_str(&definitions(sentinels, &id));
    svg.push_str("<g aria-hidden=\"true\">\n");
    svg.push_str(&sentinels.swap(tidy(drawing), &id));
    svg.push_str("</g>\n");
    marks.write(&mut svg, &frame.title);
    svg.push_str("</svg>\n");
    Svg(svg)
}

/// The view box of plotters' document, and what stands inside its `<svg>`.
fn split(markup: &str) -> (&str, &str) {
    let (head, inside) = markup.split_once(">\n").unwrap_or(("", markup));
    let view_box = head
        .split_once("viewBox=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or("0 0 0 0", |(numbers, _)| numbers);
    (view_box, inside.trim_end().trim_end_matches("</svg>"))
}

/// Plotters' elements without what says nothing, with text centred on its capitals instead of on each renderer's own "ex".
fn tidy(drawing: &str) -> String {
    let plain = drawing
        .replace(" opacity=\"1\"", "")
        .replace(" stroke=\"none\"", "")
        .replace(" text-anchor=\"start\"", "")
        .replace(&format!(" font-family=\"{}\"", theme::FAMILY), "")
        .replace(" dy=\"0.5ex\"", " dy=\".35em\"")
        .replace("font-weight=\"bold\"", "font-weight=\"600\"")
        .replace("<polyline ", "<polyline stroke-linejoin=\"round\" ")
        .replace(" \"/>", "\"/>")
        // Only texts have an end tag: blanks inside it would be seen.
        .replace("\">\n", "\">")
        .replace("\n</text>", "</text>");
    let mut pieces = plain.split(" font-size=\"");
    let mut tidied = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        // Multiplied and divided by 1.24, 13 may come back as 12.999999999999998.
        let (size, rest) = piece.split_once('"').unwrap_or((piece, ""));
        let size = size.parse::<f64>().map_or(0.0, f64::round);
        let _ = write!(tidied, " font-size=\"{size}\"{rest}");
    }
    tidied
}

/// The patterns the drawing is filled with.
fn definitions(sentinels: &Sentinels, id: &str) -> String {
    let patterns = sentinels.patterns(id);
    if patterns.is_empty() {
        return String::new();
    }
    let drawn: String = patterns.iter().map(|(fill, id)| pattern(*fill, id)).collect();
    format!("<defs>{drawn}</defs>\n")
}

/// One pattern: a ground, and on it lines or dots that are told apart without colour.
fn pattern(fill: Fill, id: &str) -> String {
    let line = |width: u8, height: u8, colour| {
        format!("<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>", hex(colour))
    };
    let (side, ground, marks) = match fill {
        Fill::Zone(Colour::Yellow) => {
            let dot = format!("<circle cx=\"20\" cy=\"20\" r=\"9\" fill=\"{}\"/>", hex(theme::ZONE_YELLOW_DOTS));
            (70, theme::ZONE_YELLOW, dot)
        }
        Fill::Zone(Colour::Orange) => (80, theme::ZONE_ORANGE, line(14, 80, theme::ZONE_ORANGE_LINES)),
        Fill::Zone(Colour::Red) => {
            let [upright, level] = [line(8, 80, theme::ZONE_RED_LINES), line(80, 8, theme::ZONE_RED_LINES)];
            (80, theme::ZONE_RED, format!("{upright}{level}"))
        }
        Fill::Zone(Colour::Green) | Fill::Plain(_) | Fill::Hatch => (60, theme::WHITE, line(16, 60, theme::HATCH)),
    };
    let turned = if fill == Fill::Zone(Colour::Yellow) { "" } else { " patternTransform=\"rotate(45)\"" };
    format!(
        "<pattern id=\"{id}\" width=\"{side}\" height=\"{side}\" patternUnits=\"userSpaceOnUse\"{turned}>\
         <rect width=\"{side}\" height=\"{side}\" fill=\"{}\"/>{marks}</pattern>",
        hex(ground)
    )
}

/// A prefix that may stand in an id and inside `url(#…)`. A page holds both drawings of a chart and hides one of them;
/// a pattern in the hidden one would not show, so that each needs ids of its own.
fn safe_id(id: &str, width: Width) -> String {
    let kept: String =
        id.chars().filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')).collect();
    let drawing = match width {
        Width::Wide => "wide",
        Width::Phone => "phone",
    };
    format!("{}-{drawing}", if kept.is_empty() { "chart" } else { &kept })
}
