//! The layer over the drawing that a pointer, the Tab key and a screen reader meet: links and tooltips, no script.

use std::fmt::Write as _;

use super::canvas::{Area, Point};
use super::sentinels::GRID;
use super::text::{clean, escape};

/// One row or point of the chart.
#[derive(Debug)]
pub(super) struct Mark {
    /// Where a click leads.
    pub href: Option<String>,
    /// What a tooltip and a screen reader say.
    pub title: String,
    /// What can be pointed at.
    pub hit: Hit,
    /// Parts with a tooltip of their own.
    pub parts: Vec<(Area, String)>,
}

/// What can be pointed at.
#[derive(Debug)]
pub(super) enum Hit {
    Box(Area),
    Shapes(Vec<Vec<Point>>),
}

impl From<Area> for Hit {
    fn from(area: Area) -> Self {
        Self::Box(area)
    }
}

/// The layer.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<Mark>);

impl Marks {
    pub fn push(&mut self, mark: Mark) {
        self.0.push(mark);
    }

    /// Whether the drawing is more than a picture.
    pub fn has_links(&self) -> bool {
        self.0.iter().any(|mark| mark.href.is_some())
    }

    /// Writes the layer; `label` names the list.
    pub fn write(&self, svg: &mut String, label: &str) {
        if self.0.is_empty() {
            return;
        }
        let is_list = self.has_links();
        let role =
            if is_list { format!(" role=\"list\" aria-label=\"{}\"", escape(&clean(label))) } else { String::new() };
        let item_role = if is_list { " role=\"listitem\"" } else { "" };
        let _ = writeln!(svg, "<g class=\"vz-marks\"{role} fill=\"#000\" fill-opacity=\"0\" stroke-width=\"20\">");
        for mark in &self.0 {
            let link =
                mark.href.as_ref().map_or_else(String::new, |href| format!("<a href=\"{}\">", escape(&clean(href))));
            let _ =
                write!(svg, "<g{item_role}>{link}<title>{}</title>{}", escape(&clean(&mark.title)), mark.hit.markup());
            if !mark.parts.is_empty() {
                svg.push_str("<g aria-hidden=\"true\">");
                for (area, title) in &mark.parts {
                    svg.push_str(&rect(*area, Some(title)));
                }
                svg.push_str("</g>");
            }
            svg.push_str(if link.is_empty() { "</g>\n" } else { "</a></g>\n" });
        }
        svg.push_str("</g>\n");
    }
}

impl Hit {
    fn markup(&self) -> String {
        match self {
            Self::Box(area) => rect(*area, None),
            Self::Shapes(shapes) => shapes.iter().map(|corners| polygon(corners)).collect(),
        }
    }
}

fn polygon(corners: &[Point]) -> String {
    let mut markup = String::from("<polygon points=\"");
    for (x, y) in corners {
        let _ = write!(markup, "{},{} ", (x * GRID).round(), (y * GRID).round());
    }
    markup.truncate(markup.trim_end().len());
    markup.push_str("\"/>");
    markup
}

fn rect(area: Area, title: Option<&str>) -> String {
    let [x, y, width, height] = [area.left, area.top, area.width, area.height].map(|pixels| (pixels * GRID).round());
    let head = format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
    match title {
        None => format!("{head}/>"),
        Some(title) => format!("{head}><title>{}</title></rect>", escape(&clean(title))),
    }
}
