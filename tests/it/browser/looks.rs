//! Every page at both widths: usable with a screen reader, inside its window, in our own font, without complaints.

use serde_json::Value;
use vungxanh::{domain::actor::Role, store::StoreError, usecases::make_demo::make_demo};

use super::driver::{Browser, Window};
use crate::harness::{Kind, TestApp, plan};

/// Somebody with a role on a unit; nobody: not signed in.
type Visitor = Option<(Role, &'static str)>;

/// Pages by who opens them.
const PAGES: [(Visitor, &[&str]); 6] = [
    (None, &["/dang-nhap", "/dang-nhap?tiep=/vung"]),
    (
        Some((Role::Committee, "893")),
        &[
            "/",
            "/?ngay=01/11/2021",
            "/don-vi",
            "/don-vi?nhom=staff_d&chi-so=ncovi_declared",
            "/don-vi/CM-P-YTE",
            "/don-vi/CM-X-30634",
            "/xa/893",
            "/xa/30634",
            "/xa/30634-01",
            "/lich-su/CM-P-YTE/staff_b/bluezone_installed",
            "/dien-bien",
            "/vung",
            "/vung?tai=15/08/2021",
            "/vung?kieu=ban-do",
            "/vung/dien-bien?tu=01/10/2021&den=20/11/2021",
            "/vung/dot?tu=27/10/2021&den=20/11/2021",
            "/vung/dot?tu=27/10/2021&den=20/11/2021&kieu=ban-do",
            "/truy-vet",
            "/truy-vet?don-vi=30634",
            "/truy-vet/lich-su/30634/2021-11-17",
            "/kho-khan",
            "/van-ban",
            "/day-du",
            "/day-du?so-ky=52",
            "/nhat-ky",
            "/dinh-nghia",
            "/khong-co",
            "/ngon-ngu/en?tiep=/don-vi",
            "/",
        ],
    ),
    (
        Some((Role::Consolidator, "893")),
        &[
            "/bao-cao",
            "/bao-cao/the-thuc",
            "/bao-cao/ban-nhap/1",
            "/bao-cao/ban-nhap/1/chot",
            "/bao-cao/1",
            "/kho-khan",
            "/don-doc",
            "/don-doc?trang-thai=overdue",
            "/don-doc/lien-he?don-vi=CM-P-YTE",
            "/lich-bao-cao",
            "/duyet?bao-cao=1",
            "/tai-len",
        ],
    ),
    (Some((Role::FocalPoint, "30634")), &["/nhap-lieu", "/tai-len", "/", "/don-vi"]),
    (Some((Role::FocalPoint, "CM-P-YTE")), &["/nhap-lieu", "/xa/30634", "/kho-khan", "/van-ban"]),
    (
        Some((Role::HealthStaff, "893")),
        &["/vung", "/vung/ghi-nhan", "/tai-len", "/truy-vet/nhap?don-vi=30634", "/nhap-lieu"],
    ),
];

const AXE: &str = include_str!("../../assets/axe.min.js");

const ASK_AXE: &str = "
    const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: { type: 'tag', values: tags } }).then(
        found => done(found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join('; '))),
        error => done(['axe: ' + error]));";

/// Width of the page and of the window, the font, and how high the header is.
const MEASURE: &str = "
    const root = document.documentElement;
    const small = [...document.querySelectorAll('svg text')].filter(t => t.getClientRects().length)
        .map(t => t.getBoundingClientRect().height).filter(h => h < 11);
    return {
        beyond: root.scrollWidth - root.clientWidth,
        width: root.clientWidth,
        font: getComputedStyle(document.body).fontFamily,
        loaded: document.fonts.check('16px \"Noto Sans\"'),
        header: document.querySelector('header').getBoundingClientRect().height,
        small: small.length,
        hidden: [...document.querySelectorAll('.govuk-visually-hidden')]
            .filter(e => e.getClientRects().length && e.getBoundingClientRect().width > 1).length,
    };";

pub(super) async fn look_at(browser: &Browser, page: &str, width: u32, wrong: &mut Vec<String>) {
    browser.go(page).await;
    let mut note = |what: String| wrong.push(format!("{page} at {width}: {what}"));
    browser.ask(&format!("{AXE}; return true;")).await;
    for violation in browser.ask_later(ASK_AXE).await.as_array().unwrap() {
        note(violation.as_str().unwrap_or_default().to_owned());
    }
    let measured = browser.ask(MEASURE).await;
    let number = |name: &str| measured[name].as_f64().unwrap_or(f64::NAN);
    if number("beyond") > 0.0 {
        note(format!("scrolls sideways by {}", number("beyond")));
    }
    if number("width") > f64::from(width) {
        note(format!("is {} wide", number("width")));
    }
    if !measured["font"].as_str().unwrap_or_default().contains("Noto Sans") || measured["loaded"] != Value::Bool(true) {
        note(format!("is set in {}", measured["font"]));
    }
    if width == 360 && number("header") > 64.0 {
        note(format!("has a header {} high", number("header")));
    }
    if number("small") > 0.0 {
        note(format!("has {} texts in pictures too small to read", number("small")));
    }
    if number("hidden") > 0.0 {
        note(format!("shows {} texts meant for screen readers", number("hidden")));
    }
    for complaint in browser.complaints().await {
        // The browser itself notes that an address answered 403 or 404: that page is one of those looked at.
        if !complaint.contains("Failed to load resource: the server responded with a status of 40") {
            note(complaint);
        }
    }
}

fn pages_are_in_order_at(width: u32) {
    TestApp::run(Kind::Sqlite, async |app: &TestApp| {
        let (store, now) = (app.store.clone(), app.state.clock.now());
        let plan = plan(&store);
        let made: Result<usize, vungxanh::usecases::UseCaseError> =
            store.write(move |conn| make_demo(conn, &plan, now)).await;
        assert!(made.unwrap() > 100);
        let _: Result<(), StoreError> = app.state.reload_plans();
        super::reports::issue(app).await;
        let mut wrong = Vec::new();
        for (who, pages) in PAGES {
            let browser = Browser::open(app, Window { width, has_scripts: true }).await;
            if let Some((role, unit)) = who {
                browser.sign_in(app, role, unit).await;
            }
            for page in pages {
                look_at(&browser, page, width, &mut wrong).await;
            }
            browser.close().await;
        }
        assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
    });
}

#[test]
fn every_page_is_in_order_on_a_phone() {
    pages_are_in_order_at(360);
}

#[test]
fn every_page_is_in_order_on_a_desk() {
    pages_are_in_order_at(1280);
}

#[test]
fn every_page_of_the_map_is_looked_at() {
    let looked: Vec<&str> = PAGES.iter().flat_map(|(_, pages)| pages.iter()).copied().collect();
    for address in crate::access::pages() {
        let beginning = address.split('{').next().unwrap();
        assert!(looked.iter().any(|page| page.split('?').next().unwrap().starts_with(beginning)), "{address}");
    }
}
