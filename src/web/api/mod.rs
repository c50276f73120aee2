//! The JSON API, `/api/v1/…`.

use actix_web::{HttpResponse, web::ServiceConfig};

/// The addresses of the API.
pub fn routes(_config: &mut ServiceConfig) {}

/// `/api-docs/openapi.json`
pub async fn openapi() -> HttpResponse {
    HttpResponse::NotImplemented().finish()
}
