//! Pages for people, rendered on the server. Each page with figures has a `.json`, a `.csv` and an `.xlsx` twin at its address.

mod audit;
mod decide;
mod definitions;
mod entry;
mod entry_form;
mod entry_read;
mod history;
mod language;
mod league;
mod league_pictures;
mod overview;
mod parts;
mod pictures;
mod sent;
mod sheets;
mod sign_in;
mod trend;
mod trend_table;
mod unit;
mod unit_parts;
mod visit;
mod zones;

use actix_web::{
    Resource, Route, guard,
    web::{self, ServiceConfig, post},
};

use super::problem;

/// A page that is read; `HEAD` answers as `GET` does, without the body.
fn seen() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// A page that is only read.
fn page(address: &str) -> Resource {
    problem::taking(web::resource(address), "GET, HEAD")
}

/// A page with a form.
fn form(address: &str) -> Resource {
    problem::taking(web::resource(address), "GET, HEAD, POST")
}

/// A page of figures with its twins.
fn figures(address: &str) -> Resource {
    let twins = ["", ".json", ".csv", ".xlsx"].map(|end| format!("{address}{end}"));
    problem::taking(web::resource(twins), "GET, HEAD")
}

/// The addresses of pages.
pub fn routes(config: &mut ServiceConfig) {
    // No code holds a dot, so that the twins can be told from the page.
    const CODE: &str = "{code:[^/.]+}";
    config
        .service(form("/dang-nhap").route(seen().to(sign_in::show)).route(post().to(sign_in::create)))
        .service(problem::taking(web::resource("/dang-xuat"), "POST").route(post().to(sign_in::remove)))
        .service(web::resource("/phien").to(sign_in::renew))
        .service(page("/ngon-ngu/{code}").route(seen().to(language::choose)))
        .service(figures("/").route(seen().to(overview::show)))
        .service(figures("/tong-quan").route(seen().to(overview::show)))
        .service(page("/chart.png").route(seen().to(overview::picture)))
        .service(figures("/don-vi").route(seen().to(league::show)))
        .service(page("/don-vi/chart.png").route(seen().to(league::picture)))
        .service(figures(&format!("/don-vi/{CODE}")).route(seen().to(unit::show)))
        .service(figures(&format!("/xa/{CODE}")).route(seen().to(unit::show)))
        .service(figures("/lich-su/{unit:[^/.]+}/{cohort:[^/.]+}/{measure:[^/.]+}").route(seen().to(history::show)))
        .service(figures("/dien-bien").route(seen().to(trend::show)))
        .service(page("/dien-bien/chart.png").route(seen().to(trend::picture)))
        .service(figures("/vung").route(seen().to(zones::show)))
        .service(form("/vung/ghi-nhan").route(seen().to(decide::show)).route(post().to(decide::create)))
        .service(form("/nhap-lieu").route(seen().to(entry::show)).route(post().to(entry::create)))
        .service(page("/nhap-lieu/da-gui").route(seen().to(sent::show)))
        .service(figures("/nhat-ky").route(seen().to(audit::show)))
        .service(page("/dinh-nghia").route(seen().to(definitions::show)));
}
