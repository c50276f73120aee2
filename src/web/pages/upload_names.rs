//! `POST /tai-len/…/ten`: somebody says which units the names of their file mean; asked once, kept for the next file.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::header,
    web::{Form, Path},
};

use super::{upload_form::Asked, visit::Visit};
use crate::{
    usecases::{UseCaseError, keep_upload::see_upload, remember_import::remember_names},
    web::problem::Problem,
};

/// What stands for "another one" among the units that come near.
const OTHER: &str = "khac";

/// Keeps what was said, and shows the preview again. A name nothing was said of stays as it is.
pub async fn create(
    visit: Visit,
    token: Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&fields);
    let kind = asked.kind(&visit).ok_or(UseCaseError::NotAllowed)?;
    let names = said(&fields);
    let (name, scope) = (token.clone(), asked.scope.clone());
    visit
        .write(move |conn, actor, now| {
            see_upload(conn, actor, kind, &name)?;
            remember_names(conn, actor, &scope, &names, now)
        })
        .await?;
    let address = asked.showing("").at(&format!("/tai-len/{token}"));
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish())
}

/// Each name with the code that was chosen; an empty one for names to be forgotten.
fn said(fields: &[(String, String)]) -> Vec<(String, String)> {
    let of = |prefix: &str| -> BTreeMap<String, String> {
        let found = fields.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)));
        found.map(|(at, value)| (at.to_owned(), value.clone())).collect()
    };
    let (names, chosen, others) = (of("ten-"), of("ma-"), of("khac-"));
    let mut said: Vec<(String, String)> = Vec::new();
    for (at, name) in names {
        let code = match chosen.get(&at).map(String::as_str) {
            Some(OTHER) => others.get(&at).cloned().unwrap_or_default(),
            Some(code) => code.to_owned(),
            None => String::new(),
        };
        if !code.is_empty() {
            said.push((name, code));
        }
    }
    let forgotten = fields.iter().filter(|(name, _)| name == "quen");
    said.extend(forgotten.map(|(_, name)| (name.clone(), String::new())));
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_nothing_was_said_of_is_left_alone() {
        let field = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let fields = [
            ("ten-0", "Hoà Bìn"),
            ("ma-0", "30679"),
            ("ten-1", "Kiến"),
            ("ma-1", "khac"),
            ("khac-1", "30634"),
            ("ten-2", "Trạm"),
            ("ma-2", ""),
            ("ten-3", "Tổ 4"),
            ("ma-4", "30631"),
            ("quen", "Mỹ Luôn"),
        ];
        let said = said(&fields.map(field));
        assert_eq!(said, [("Hoà Bìn", "30679"), ("Kiến", "30634"), ("Mỹ Luôn", "")].map(field));
    }
}
