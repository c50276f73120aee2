//! Pages for people, rendered on the server.

use actix_web::web::ServiceConfig;

/// The addresses of pages.
pub fn routes(_config: &mut ServiceConfig) {}
