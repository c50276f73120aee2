//! Pages for people, rendered on the server. Each page with figures has a `.json`, a `.csv` and an `.xlsx` twin at its address.

mod audit;
mod blank_form;
mod chase;
mod chase_contact;
mod chase_form;
mod completeness;
mod decide;
mod decide_form;
mod definitions;
mod difficulties;
mod entry;
mod entry_form;
mod entry_read;
mod figures;
mod history;
mod language;
mod league;
mod league_pictures;
mod overview;
mod own_documents;
mod paper;
mod parts;
mod pictures;
mod report_draft;
mod report_form;
mod report_issued;
mod report_letter;
mod reports;
mod review;
mod schedule;
mod schedule_form;
mod sent;
mod sheets;
mod sign_in;
mod tracing;
mod tracing_entry;
mod tracing_history;
mod tracing_sheets;
mod trend;
mod trend_table;
mod unit;
mod unit_parts;
mod upload;
mod upload_columns;
mod upload_confirm;
mod upload_form;
mod upload_names;
mod upload_preview;
mod upload_read;
mod upload_refused;
mod upload_said;
mod visit;
mod zone_course;
mod zone_days;
mod zone_drive;
mod zone_pictures;
mod zone_sheets;
mod zones;

use actix_multipart::form::MultipartFormConfig;
use actix_web::{
    Resource, Route, guard,
    web::{self, ServiceConfig, post},
};

pub use completeness::period_name;

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

/// A page that shows an official report; its Word file and its workbook have addresses of their own.
fn paper(address: &str) -> Resource {
    let twins = ["", ".json", ".csv"].map(|end| format!("{address}{end}"));
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
        .service(figures("/day-du").route(seen().to(completeness::show)))
        .service(page("/day-du/chart.png").route(seen().to(completeness::picture)))
        .service(figures("/don-doc").route(seen().to(chase::show)).route(post().to(chase::act)))
        .service(form("/don-doc/lien-he").route(seen().to(chase_contact::show)).route(post().to(chase_contact::keep)))
        .service(form("/lich-bao-cao").route(seen().to(schedule::show)).route(post().to(schedule::set)))
        .service(form("/duyet").route(seen().to(review::show)).route(post().to(review::create)))
        .service(figures("/dien-bien").route(seen().to(trend::show)))
        .service(page("/dien-bien/chart.png").route(seen().to(trend::picture)))
        .service(figures("/vung").route(seen().to(zones::show)))
        .service(page("/vung/chart.png").route(seen().to(zones::picture)))
        .service(figures("/vung/dien-bien").route(seen().to(zone_course::show)))
        .service(page("/vung/dien-bien/chart.png").route(seen().to(zone_course::picture)))
        .service(page("/vung/dien-bien/dai.png").route(seen().to(zone_course::strips)))
        .service(page("/vung/dot/chart.png").route(seen().to(zone_drive::picture)))
        .service(figures("/vung/dot").route(seen().to(zone_drive::show)).route(post().to(zone_drive::mark)))
        .service(form("/vung/ghi-nhan").route(seen().to(decide::show)).route(post().to(decide::create)))
        .service(problem::taking(web::resource("/vung/ghi-nhan/kiem-tra"), "POST").route(post().to(decide::check)))
        .service(problem::taking(web::resource("/vung/rut-lai"), "POST").route(post().to(decide::withdraw)))
        .service(figures("/truy-vet").route(seen().to(tracing::show)))
        .service(form("/truy-vet/nhap").route(seen().to(tracing_entry::show)).route(post().to(tracing_entry::create)))
        .service(figures("/truy-vet/lich-su/{unit:[^/.]+}/{day:[^/.]+}").route(seen().to(tracing_history::show)))
        .service(form("/nhap-lieu").route(seen().to(entry::show)).route(post().to(entry::create)))
        .service(page("/nhap-lieu/bieu-mau.xlsx").route(seen().to(blank_form::show)))
        .service(page("/nhap-lieu/so-lieu.{end:json|csv|xlsx}").route(seen().to(figures::show)))
        .service(page("/nhap-lieu/da-gui").route(seen().to(sent::show)))
        .service(figures("/kho-khan").route(seen().to(difficulties::show)).route(post().to(difficulties::create)))
        .service(problem::taking(web::resource("/kho-khan/{id}/buoc"), "POST").route(post().to(difficulties::step)))
        .service(figures("/van-ban").route(seen().to(own_documents::show)).route(post().to(own_documents::create)))
        .service(form("/bao-cao").route(seen().to(reports::show)).route(post().to(reports::create)))
        .service(
            form("/bao-cao/the-thuc").route(seen().to(report_letter::show)).route(post().to(report_letter::create)),
        )
        .service(page("/bao-cao/ban-nhap/{id:[0-9]+}.docx").route(seen().to(report_draft::word)))
        .service(page("/bao-cao/ban-nhap/{id:[0-9]+}.xlsx").route(seen().to(report_draft::excel)))
        .service(paper("/bao-cao/ban-nhap/{id:[0-9]+}").route(seen().to(report_draft::show)))
        .service(
            problem::taking(web::resource("/bao-cao/ban-nhap/{id:[0-9]+}/cap-nhat"), "POST")
                .route(post().to(report_draft::refresh)),
        )
        .service(
            form("/bao-cao/ban-nhap/{id:[0-9]+}/chot")
                .route(seen().to(report_draft::confirm))
                .route(post().to(report_draft::issue)),
        )
        .service(page("/bao-cao/{id:[0-9]+}.docx").route(seen().to(report_issued::word)))
        .service(page("/bao-cao/{id:[0-9]+}.xlsx").route(seen().to(report_issued::excel)))
        .service(paper("/bao-cao/{id:[0-9]+}").route(seen().to(report_issued::show)))
        .service(
            form("/tai-len")
                .app_data(MultipartFormConfig::default().total_limit(upload::MOST_SENT).memory_limit(upload::MOST_SENT))
                .route(seen().to(upload::show))
                .route(post().to(upload::create)),
        )
        .service(page("/tai-len/{tep:[^/.]+}").route(seen().to(upload_preview::show)))
        .service(
            problem::taking(web::resource("/tai-len/{tep:[^/.]+}/ten"), "POST").route(post().to(upload_names::create)),
        )
        .service(
            form("/tai-len/{tep:[^/.]+}/cot")
                .route(seen().to(upload_columns::show))
                .route(post().to(upload_columns::create)),
        )
        .service(
            problem::taking(web::resource("/tai-len/{tep:[^/.]+}/nhap"), "POST")
                .route(post().to(upload_confirm::create)),
        )
        .service(page("/tai-len/{tep:[^/.]+}/ket-qua").route(seen().to(upload_confirm::show)))
        .service(page("/tai-len/{tep:[^/.]+}/loi.xlsx").route(seen().to(upload_refused::show)))
        .service(figures("/nhat-ky").route(seen().to(audit::show)))
        .service(page("/dinh-nghia").route(seen().to(definitions::show)));
}
