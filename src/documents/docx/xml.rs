//! XML as text: elements that close, text that is escaped.

use std::fmt::Write;

/// A piece of XML being written.
#[derive(Debug, Default)]
pub struct Xml(String);

impl Xml {
    /// A document with its declaration.
    pub fn document() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n".to_owned())
    }

    /// An element with what `inside` writes into it.
    pub fn element(&mut self, name: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut Self)) -> &mut Self {
        self.open(name, attributes);
        self.0.push('>');
        inside(self);
        // Writing to a String cannot fail.
        let _ = write!(self.0, "</{name}>");
        self
    }

    /// An element with nothing in it.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> &mut Self {
        self.open(name, attributes);
        self.0.push_str("/>");
        self
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let _ = write!(self.0, "<{name}");
        for (attribute, value) in attributes {
            let _ = write!(self.0, " {attribute}=\"");
            self.escaped(value);
            self.0.push('"');
        }
    }

    /// Text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.escaped(text);
        self
    }

    /// What is XML already.
    pub fn raw(&mut self, xml: &str) -> &mut Self {
        self.0.push_str(xml);
        self
    }

    fn escaped(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                // XML 1.0 has no place for these.
                c if c.is_control() && !['\t', '\n', '\r'].contains(&c) => {}
                '\u{FFFE}' | '\u{FFFF}' => {}
                c => self.0.push(c),
            }
        }
    }

    /// The text of it.
    pub fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        let mut xml = Xml::default();
        xml.element("a", &[("b", "\"<")], |xml| {
            xml.text("x < y & \u{1}z").empty("c", &[]);
        });
        assert_eq!(xml.finish(), "<a b=\"&quot;&lt;\">x &lt; y &amp; z<c/></a>");
    }
}
