//! The two languages of the screens. Texts stand in `dashboards/locales`, never in Rust.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};

/// A language of the screens; Vietnamese first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

/// The cookie that remembers the choice.
pub const COOKIE: &str = "lang";

impl Lang {
    /// `vi` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The language with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Vi, Self::En].into_iter().find(|lang| lang.code() == code)
    }

    /// What a request asks for: its cookie, else a first preference for English.
    pub fn of(request: &HttpRequest) -> Self {
        let chosen = request.cookie(COOKIE).and_then(|cookie| Self::from_code(cookie.value()));
        let preferred = || {
            let accepted = request.headers().get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
            Self::from_code(accepted.get(..2)?)
        };
        // A browser set to English is common on office PCs: for people Vietnamese stays first until they choose.
        chosen.or_else(|| if request.path().starts_with("/api/") { preferred() } else { None }).unwrap_or_default()
    }

    /// The text of a key.
    pub fn t(self, key: &str) -> String {
        rust_i18n::t!(key, locale = self.code()).into_owned()
    }

    /// The text of a key with its `%{name}`s filled in.
    pub fn tr(self, key: &str, values: &[(&str, &str)]) -> String {
        values.iter().fold(self.t(key), |text, (name, value)| text.replace(&format!("%{{{name}}}"), value))
    }
}

/// For the middle of a sentence; names of programs keep their capitals.
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() && !second.is_numeric() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

impl FromRequest for Lang {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key a template asks for.
    fn keys(folder: &std::path::Path) -> Vec<String> {
        let mut keys = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                keys.extend(self::keys(&entry.path()));
            } else {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                let asked = text.split("shell.t(\"").skip(1).filter_map(|rest| rest.split_once('"'));
                keys.extend(asked.map(|(key, _)| key.to_owned()));
            }
        }
        keys
    }

    #[test]
    fn every_text_of_a_template_is_there_in_both_languages() {
        let keys = keys(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards/templates"));
        assert!(keys.len() > 100, "{}", keys.len());
        let is_missing = |key: &&String| [Lang::Vi, Lang::En].iter().any(|lang| lang.t(key).ends_with(key.as_str()));
        let missing: Vec<&String> = keys.iter().filter(is_missing).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
