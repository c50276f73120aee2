//! What a browser receives besides pages: styles, scripts, fonts, from inside the binary.

use actix_web::{HttpResponse, http::header, web::Path};
use rust_embed::RustEmbed;

use super::problem::Problem;
use crate::domain::digest::Digest;

#[derive(RustEmbed)]
#[folder = "dashboards/static"]
struct Static;

#[derive(RustEmbed)]
#[folder = "dashboards/fonts"]
#[include = "*.woff2"]
struct Fonts;

/// A number that changes with any file: part of every address, so that browsers keep files for good.
pub fn version() -> &'static str {
    static VERSION: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        let mut digest = Digest::new();
        for name in Static::iter() {
            if let Some(file) = Static::get(&name) {
                digest.update(file.metadata.sha256_hash());
            }
        }
        digest.hex()[..10].to_owned()
    });
    &VERSION
}

/// `/static/{version}/css/app.css`, `/static/{version}/fonts/…`
pub async fn show(path: Path<String>) -> Result<HttpResponse, Problem> {
    let unknown = || Problem::not_found("file", &path);
    let name = path.split_once('/').map(|(_, name)| name).ok_or_else(unknown)?;
    let file = match name.strip_prefix("fonts/") {
        Some(font) => Fonts::get(font),
        None => Static::get(name),
    };
    let file = file.ok_or_else(unknown)?;
    Ok(HttpResponse::Ok()
        .content_type(file.metadata.mimetype())
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(file.data.into_owned()))
}

/// Browsers ask for it by themselves.
pub async fn favicon() -> HttpResponse {
    match Static::get("favicon.svg") {
        Some(file) => HttpResponse::Ok().content_type("image/svg+xml").body(file.data.into_owned()),
        None => HttpResponse::NotFound().finish(),
    }
}
