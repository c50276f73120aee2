//! Every address there is. A new one that is not listed here fails a test.

use std::{collections::BTreeSet, fs, path::Path};

/// Who may use an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody: it shows nothing of any unit.
    Anybody,
    SignedIn,
}

/// An address as tests ask for it.
#[derive(Debug)]
pub struct Route {
    pub method: &'static str,
    /// As it stands in the source.
    pub path: &'static str,
    pub who: Who,
    /// As it is asked for; `UNIT` is replaced.
    address: &'static str,
    /// What is sent; `UNIT` is replaced.
    body: &'static str,
}

const fn get(path: &'static str, address: &'static str) -> Route {
    Route { method: "GET", path, who: Who::SignedIn, address, body: "" }
}

const fn post(path: &'static str, body: &'static str) -> Route {
    Route { method: "POST", path, who: Who::SignedIn, address: path, body }
}

const fn post_to(path: &'static str, address: &'static str, body: &'static str) -> Route {
    Route { method: "POST", path, who: Who::SignedIn, address, body }
}

const fn open(method: &'static str, path: &'static str, address: &'static str) -> Route {
    Route { method, path, who: Who::Anybody, address, body: "" }
}

impl Route {
    pub fn address_for(&self, unit: &str) -> String {
        // Without a unit the parameter is left out, not sent empty.
        let query = format!("unit={unit}");
        let address = self.address.replace("UNIT", unit);
        if unit.is_empty() { address.replace(&format!("?{query}"), "?").replace("don-vi=&", "") } else { address }
    }

    /// The kind of content and the content.
    pub fn body_for(&self, unit: &str) -> Option<(&'static str, String)> {
        let kind = if self.body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
        (!self.body.is_empty()).then(|| (kind, self.body.replace("UNIT", unit)))
    }

    /// Whether the unit is part of the question.
    pub fn names_unit(&self) -> bool {
        self.address.contains("UNIT") || self.body.contains("UNIT")
    }

    /// Whether refusals are problem+json rather than pages.
    pub fn is_for_programs(&self) -> bool {
        let path = self.address.split('?').next().unwrap_or_default();
        path.starts_with("/api/") || [".json", ".csv", ".xlsx", ".docx", ".png"].iter().any(|end| path.ends_with(end))
    }
}

const REPORT: &str = r#"{"unit":"UNIT","as_of":"2021-11-20T09:00:00+07:00","figures":{"staff_d":{"headcount":1}}}"#;
const DECISION: &str =
    r#"{"unit":"UNIT","scheme":"nq_128_qd_218","level":1,"effective_from":"2021-11-20T09:00:00+07:00"}"#;
const DIFFICULTY: &str = r#"{"unit":"UNIT","category":"network","text":"sóng yếu"}"#;
const DRAFT: &str = r#"{"unit":"UNIT","from":"2021-11-15","to":"2021-11-21"}"#;
const LETTER: &str = r#"{"unit":"UNIT","office":"x","symbol":"x","place":"x","addressee":"x","subject":"x",
    "signers":[{"position":"x"}]}"#;
const COUNTED: &str = r#"{"unit":"UNIT","day":"2021-11-20","figures":{"f0_new":1}}"#;
const TYPED_COUNT: &str = "don-vi=UNIT&ngay=20/11/2021&f0_new=1";
const COUNT_PAGE: &str = "/truy-vet/lich-su/{unit:[^/.]+}/{day:[^/.]+}";
const TYPED_REPORT: &str =
    "don-vi=UNIT&bieu=UNIT&ngay=20/11/2021&gio=09:00&UNIT.staff_d.headcount=1&UNIT.residents.population=1";
const TYPED_DECISION: &str = "don-vi=UNIT&thang=nq_128_qd_218&muc=1&ngay=20/11/2021&gio=09:00";
const MARK: &str =
    r#"{"unit":"UNIT","starts_on":"2021-11-01","ends_on":"2021-11-20","state":"proposed","reason":"giữ vững"}"#;
const TABLE: &str = "Đơn vị;Đã cài Bluezone\nXã Kiến An;1\n";
const WITHDRAWAL: &str = r#"{"reason":"nhầm"}"#;
const SCHEDULE: &str =
    r#"{"from":"2021-11-29","rules":{"cadence":{"kind":"daily"},"due_time":"16:00:00"},"reason":"thử"}"#;
const REMINDERS: &str = r#"{"units":["UNIT"],"period":"2021-11-15"}"#;
const EXTENSION: &str =
    r#"{"units":["UNIT"],"period":"2021-11-15","until":"2021-11-30T16:00:00+07:00","reason":"thử"}"#;
const EXEMPTION: &str = r#"{"units":["UNIT"],"first_day":"2021-11-15","reason":"thử"}"#;
const CONTACT: &str = r#"{"name":"Bộ phận một cửa","email":"mot-cua@example.vn"}"#;
const TYPED_SCHEDULE: &str = "nhip=daily&han=0&gio=16:00&tu=29/11/2021&ly-do=x";
const TYPED_MARK: &str = "noi=UNIT&trang-thai=proposed&ly-do=x&tu=01/11/2021&den=20/11/2021";
const UNIT_PAGE: &str = "{code:[^/.]+}";
const FIGURE_PAGE: &str = "/lich-su/{unit:[^/.]+}/{cohort:[^/.]+}/{measure:[^/.]+}";

pub const ROUTES: &[Route] = &[
    open("GET", "/healthz", "/healthz"),
    open("GET", "/readyz", "/readyz"),
    open("GET", "/static/{path:.*}", "/static/x/css/app.css"),
    open("GET", "/favicon.ico", "/favicon.ico"),
    open("GET", "/api-docs/openapi.json", "/api-docs/openapi.json"),
    // The programs' addresses.
    get("/api/v1/session", "/api/v1/session"),
    open("POST", "/api/v1/session", "/api/v1/session"),
    open("POST", "/api/v1/session/refresh", "/api/v1/session/refresh"),
    get("/api/v1/plans", "/api/v1/plans"),
    get("/api/v1/plans/{plan}", "/api/v1/plans/cho-moi-1677"),
    get("/api/v1/units", "/api/v1/units?q=kien"),
    get("/api/v1/units/{unit}", "/api/v1/units/UNIT"),
    get("/api/v1/units/{unit}/reports", "/api/v1/units/UNIT/reports"),
    get("/api/v1/units/{unit}/figures/{cohort}/{measure}", "/api/v1/units/UNIT/figures/staff_d/headcount"),
    post("/api/v1/reports", REPORT),
    post_to("/api/v1/reports/{id}/review", "/api/v1/reports/1/review", r#"{"outcome":"accepted"}"#),
    get("/api/v1/units/{unit}/contact", "/api/v1/units/UNIT/contact"),
    post_to("/api/v1/units/{unit}/contact", "/api/v1/units/UNIT/contact", CONTACT),
    get("/api/v1/schedule", "/api/v1/schedule"),
    post("/api/v1/schedule", SCHEDULE),
    get("/api/v1/completeness", "/api/v1/completeness?unit=UNIT"),
    get("/api/v1/chase", "/api/v1/chase?unit=UNIT"),
    post("/api/v1/chase/reminders", REMINDERS),
    post("/api/v1/chase/calls", REMINDERS),
    post("/api/v1/chase/extensions", EXTENSION),
    post("/api/v1/chase/exemptions", EXEMPTION),
    get("/api/v1/entry-sheet", "/api/v1/entry-sheet?unit=UNIT"),
    get("/api/v1/overview", "/api/v1/overview?unit=UNIT"),
    get("/api/v1/league", "/api/v1/league?unit=UNIT"),
    get("/api/v1/trend", "/api/v1/trend?unit=UNIT"),
    get("/api/v1/zones", "/api/v1/zones?unit=UNIT"),
    get("/api/v1/zones/schemes", "/api/v1/zones/schemes"),
    get("/api/v1/zones/course", "/api/v1/zones/course?unit=UNIT&starts_on=2021-11-01&ends_on=2021-11-20"),
    get("/api/v1/zones/drive", "/api/v1/zones/drive?unit=UNIT&starts_on=2021-11-01&ends_on=2021-11-20"),
    post("/api/v1/zones/drive/marks", MARK),
    post("/api/v1/zones/decisions", DECISION),
    post("/api/v1/zones/decisions/check", DECISION),
    post_to("/api/v1/zones/decisions/{id}/withdrawal", "/api/v1/zones/decisions/1/withdrawal", WITHDRAWAL),
    post_to("/api/v1/imports", "/api/v1/imports?kind=counts&scope=UNIT&cohort=staff&as_of=2021-11-19", TABLE),
    get("/api/v1/imports/{id}", "/api/v1/imports/1"),
    get("/api/v1/live", "/api/v1/live?after=0"),
    get("/api/v1/tracing", "/api/v1/tracing?unit=UNIT&to=2021-11-20"),
    post("/api/v1/tracing", COUNTED),
    get("/api/v1/tracing/{unit}/{day}", "/api/v1/tracing/UNIT/2021-11-20"),
    get("/api/v1/consolidated", "/api/v1/consolidated?unit=UNIT"),
    get("/api/v1/consolidated/letter", "/api/v1/consolidated/letter?unit=UNIT"),
    post("/api/v1/consolidated/letter", LETTER),
    post("/api/v1/consolidated/drafts", DRAFT),
    get("/api/v1/consolidated/drafts/{id}", "/api/v1/consolidated/drafts/1"),
    get("/api/v1/consolidated/drafts/{id}/changes", "/api/v1/consolidated/drafts/1/changes"),
    post_to("/api/v1/consolidated/drafts/{id}/issue", "/api/v1/consolidated/drafts/1/issue", "{}"),
    get("/api/v1/consolidated/issued", "/api/v1/consolidated/issued?unit=UNIT"),
    get("/api/v1/consolidated/issued/{id}", "/api/v1/consolidated/issued/1"),
    get("/api/v1/consolidated/issued/{id}/changes", "/api/v1/consolidated/issued/1/changes"),
    get("/api/v1/consolidated/issued/{id}/docx", "/api/v1/consolidated/issued/1/docx"),
    get("/api/v1/consolidated/issued/{id}/xlsx", "/api/v1/consolidated/issued/1/xlsx"),
    get("/api/v1/difficulties", "/api/v1/difficulties?unit=UNIT"),
    post("/api/v1/difficulties", DIFFICULTY),
    post_to("/api/v1/difficulties/{id}/steps", "/api/v1/difficulties/1/steps", r#"{"state":"consolidated"}"#),
    get("/api/v1/own-documents", "/api/v1/own-documents?unit=UNIT"),
    post("/api/v1/own-documents", r#"{"unit":"UNIT","is_issued":true,"number":"1/KH"}"#),
    get("/api/v1/audit", "/api/v1/audit?unit=UNIT"),
    // Pages.
    open("GET", "/dang-nhap", "/dang-nhap"),
    open("POST", "/dang-nhap", "/dang-nhap"),
    open("POST", "/dang-xuat", "/dang-xuat"),
    open("GET", "/phien", "/phien"),
    open("GET", "/ngon-ngu/{code}", "/ngon-ngu/en"),
    get("/", "/?don-vi=UNIT"),
    get("/tong-quan", "/tong-quan?don-vi=UNIT"),
    get("/tong-quan", "/tong-quan.json?don-vi=UNIT"),
    get("/tong-quan", "/tong-quan.csv?don-vi=UNIT"),
    get("/tong-quan", "/tong-quan.xlsx?don-vi=UNIT"),
    get("/chart.png", "/chart.png?don-vi=UNIT"),
    get("/don-vi", "/don-vi?don-vi=UNIT"),
    get("/don-vi", "/don-vi.json?don-vi=UNIT"),
    get("/don-vi", "/don-vi.csv?don-vi=UNIT"),
    get("/don-vi", "/don-vi.xlsx?don-vi=UNIT"),
    get("/don-vi/chart.png", "/don-vi/chart.png?don-vi=UNIT"),
    get("/don-vi/{CODE}", "/don-vi/UNIT"),
    get("/don-vi/{CODE}", "/don-vi/UNIT.json"),
    get("/don-vi/{CODE}", "/don-vi/UNIT.csv"),
    get("/don-vi/{CODE}", "/don-vi/UNIT.xlsx"),
    get("/xa/{CODE}", "/xa/UNIT"),
    get("/xa/{CODE}", "/xa/UNIT.json"),
    get("/xa/{CODE}", "/xa/UNIT.csv"),
    get("/xa/{CODE}", "/xa/UNIT.xlsx"),
    get(FIGURE_PAGE, "/lich-su/UNIT/staff_d/headcount"),
    get(FIGURE_PAGE, "/lich-su/UNIT/staff_d/headcount.json"),
    get(FIGURE_PAGE, "/lich-su/UNIT/staff_d/headcount.csv"),
    get(FIGURE_PAGE, "/lich-su/UNIT/staff_d/headcount.xlsx"),
    get("/dien-bien", "/dien-bien?don-vi=UNIT"),
    get("/dien-bien", "/dien-bien.json?don-vi=UNIT"),
    get("/dien-bien", "/dien-bien.csv?don-vi=UNIT"),
    get("/dien-bien", "/dien-bien.xlsx?don-vi=UNIT"),
    get("/dien-bien/chart.png", "/dien-bien/chart.png?don-vi=UNIT"),
    get("/day-du", "/day-du?don-vi=UNIT"),
    get("/day-du", "/day-du.json?don-vi=UNIT"),
    get("/day-du", "/day-du.csv?don-vi=UNIT"),
    get("/day-du", "/day-du.xlsx?don-vi=UNIT"),
    get("/day-du/chart.png", "/day-du/chart.png?don-vi=UNIT"),
    get("/don-doc", "/don-doc?don-vi=UNIT"),
    get("/don-doc", "/don-doc.json?don-vi=UNIT"),
    get("/don-doc", "/don-doc.csv?don-vi=UNIT"),
    get("/don-doc", "/don-doc.xlsx?don-vi=UNIT"),
    post("/don-doc", "chon=UNIT&ky=15/11/2021&viec=goi"),
    get("/don-doc/lien-he", "/don-doc/lien-he?don-vi=UNIT"),
    post("/don-doc/lien-he", "don-vi=UNIT&dau-moi=x"),
    get("/lich-bao-cao", "/lich-bao-cao"),
    post("/lich-bao-cao", TYPED_SCHEDULE),
    get("/duyet", "/duyet?bao-cao=1"),
    post("/duyet", "bao-cao=1&ket-qua=tiep-nhan"),
    get("/vung", "/vung?don-vi=UNIT"),
    get("/vung", "/vung.json?don-vi=UNIT"),
    get("/vung", "/vung.csv?don-vi=UNIT"),
    get("/vung", "/vung.xlsx?don-vi=UNIT"),
    get("/vung/chart.png", "/vung/chart.png?don-vi=UNIT"),
    get("/vung/dien-bien", "/vung/dien-bien?don-vi=UNIT"),
    get("/vung/dien-bien", "/vung/dien-bien.json?don-vi=UNIT"),
    get("/vung/dien-bien", "/vung/dien-bien.csv?don-vi=UNIT"),
    get("/vung/dien-bien", "/vung/dien-bien.xlsx?don-vi=UNIT"),
    get("/vung/dien-bien/chart.png", "/vung/dien-bien/chart.png?don-vi=UNIT"),
    get("/vung/dien-bien/dai.png", "/vung/dien-bien/dai.png?don-vi=UNIT"),
    get("/vung/dot", "/vung/dot?don-vi=UNIT"),
    get("/vung/dot", "/vung/dot.json?don-vi=UNIT"),
    get("/vung/dot", "/vung/dot.csv?don-vi=UNIT"),
    get("/vung/dot", "/vung/dot.xlsx?don-vi=UNIT"),
    post("/vung/dot", TYPED_MARK),
    get("/vung/dot/chart.png", "/vung/dot/chart.png?don-vi=UNIT"),
    get("/vung/ghi-nhan", "/vung/ghi-nhan?thang=nq_128_qd_218"),
    post("/vung/ghi-nhan", TYPED_DECISION),
    post("/vung/ghi-nhan/kiem-tra", TYPED_DECISION),
    post("/vung/rut-lai", "ban-ghi=1&ly-do=nhầm"),
    get("/truy-vet", "/truy-vet?don-vi=UNIT&den=20/11/2021"),
    get("/truy-vet", "/truy-vet.json?don-vi=UNIT&den=20/11/2021"),
    get("/truy-vet", "/truy-vet.csv?don-vi=UNIT&den=20/11/2021"),
    get("/truy-vet", "/truy-vet.xlsx?don-vi=UNIT&den=20/11/2021"),
    get("/truy-vet/nhap", "/truy-vet/nhap?don-vi=UNIT&ngay=20/11/2021"),
    post("/truy-vet/nhap", TYPED_COUNT),
    get(COUNT_PAGE, "/truy-vet/lich-su/UNIT/2021-11-20"),
    get(COUNT_PAGE, "/truy-vet/lich-su/UNIT/2021-11-20.json"),
    get(COUNT_PAGE, "/truy-vet/lich-su/UNIT/2021-11-20.csv"),
    get(COUNT_PAGE, "/truy-vet/lich-su/UNIT/2021-11-20.xlsx"),
    get("/nhap-lieu", "/nhap-lieu?don-vi=UNIT"),
    get("/nhap-lieu", "/nhap-lieu?dinh-chinh=1"),
    post("/nhap-lieu", TYPED_REPORT),
    get("/nhap-lieu/bieu-mau.xlsx", "/nhap-lieu/bieu-mau.xlsx?don-vi=UNIT&nhom=staff"),
    get("/nhap-lieu/so-lieu.{end:json|csv|xlsx}", "/nhap-lieu/so-lieu.json?don-vi=UNIT&nhom=staff"),
    get("/nhap-lieu/so-lieu.{end:json|csv|xlsx}", "/nhap-lieu/so-lieu.csv?don-vi=UNIT&nhom=staff"),
    get("/nhap-lieu/so-lieu.{end:json|csv|xlsx}", "/nhap-lieu/so-lieu.xlsx?don-vi=UNIT&nhom=staff"),
    get("/nhap-lieu/da-gui", "/nhap-lieu/da-gui?thao-tac=vi%E1%BB%87c-c%E1%BB%A7a-x%C3%A3"),
    get("/bao-cao", "/bao-cao"),
    post("/bao-cao", "ky=2021-11-15/2021-11-21&phan=results"),
    get("/bao-cao/the-thuc", "/bao-cao/the-thuc"),
    post("/bao-cao/the-thuc", "co-quan=x&ky-hieu=x&dia-danh=x&kinh-gui=x&trich-yeu=x&nguoi-ky=x"),
    get("/bao-cao/ban-nhap/{id:[0-9]+}", "/bao-cao/ban-nhap/1"),
    get("/bao-cao/ban-nhap/{id:[0-9]+}", "/bao-cao/ban-nhap/1.json"),
    get("/bao-cao/ban-nhap/{id:[0-9]+}", "/bao-cao/ban-nhap/1.csv"),
    get("/bao-cao/ban-nhap/{id:[0-9]+}.docx", "/bao-cao/ban-nhap/1.docx"),
    get("/bao-cao/ban-nhap/{id:[0-9]+}.xlsx", "/bao-cao/ban-nhap/1.xlsx"),
    post_to("/bao-cao/ban-nhap/{id:[0-9]+}/cap-nhat", "/bao-cao/ban-nhap/1/cap-nhat", "x=1"),
    get("/bao-cao/ban-nhap/{id:[0-9]+}/chot", "/bao-cao/ban-nhap/1/chot"),
    post_to("/bao-cao/ban-nhap/{id:[0-9]+}/chot", "/bao-cao/ban-nhap/1/chot", "x=1"),
    get("/bao-cao/{id:[0-9]+}", "/bao-cao/1"),
    get("/bao-cao/{id:[0-9]+}", "/bao-cao/1.json"),
    get("/bao-cao/{id:[0-9]+}", "/bao-cao/1.csv"),
    get("/bao-cao/{id:[0-9]+}.docx", "/bao-cao/1.docx"),
    get("/bao-cao/{id:[0-9]+}.xlsx", "/bao-cao/1.xlsx"),
    get("/kho-khan", "/kho-khan?don-vi=UNIT"),
    get("/kho-khan", "/kho-khan.json?don-vi=UNIT"),
    get("/kho-khan", "/kho-khan.csv?don-vi=UNIT"),
    get("/kho-khan", "/kho-khan.xlsx?don-vi=UNIT"),
    post("/kho-khan", "don-vi=UNIT&loai=network&noi-dung=x"),
    post_to("/kho-khan/{id}/buoc", "/kho-khan/1/buoc", "trang-thai=consolidated"),
    get("/van-ban", "/van-ban?don-vi=UNIT"),
    get("/van-ban", "/van-ban.json?don-vi=UNIT"),
    get("/van-ban", "/van-ban.csv?don-vi=UNIT"),
    get("/van-ban", "/van-ban.xlsx?don-vi=UNIT"),
    post("/van-ban", "don-vi=UNIT&da-co=co&so=1"),
    get("/tai-len", "/tai-len?pham-vi=UNIT"),
    post("/tai-len", "loai=so-lieu&pham-vi=UNIT"),
    get("/tai-len/{tep:[^/.]+}", "/tai-len/khong-co?pham-vi=UNIT"),
    post_to("/tai-len/{tep:[^/.]+}/ten", "/tai-len/khong-co/ten", "pham-vi=UNIT&ten-0=x&ma-0=UNIT"),
    get("/tai-len/{tep:[^/.]+}/cot", "/tai-len/khong-co/cot?pham-vi=UNIT"),
    post_to("/tai-len/{tep:[^/.]+}/cot", "/tai-len/khong-co/cot", "pham-vi=UNIT&van-tay=x&cot-0=name"),
    post_to("/tai-len/{tep:[^/.]+}/nhap", "/tai-len/khong-co/nhap", "pham-vi=UNIT"),
    get("/tai-len/{tep:[^/.]+}/ket-qua", "/tai-len/khong-co/ket-qua?nhap=1&pham-vi=UNIT"),
    get("/tai-len/{tep:[^/.]+}/loi.xlsx", "/tai-len/khong-co/loi.xlsx?pham-vi=UNIT"),
    get("/nhat-ky", "/nhat-ky?don-vi=UNIT"),
    get("/nhat-ky", "/nhat-ky.json?don-vi=UNIT"),
    get("/nhat-ky", "/nhat-ky.csv?don-vi=UNIT"),
    get("/nhat-ky", "/nhat-ky.xlsx?don-vi=UNIT"),
    get("/dinh-nghia", "/dinh-nghia"),
];

/// The texts between quotes that follow `opening` in a source file.
fn quoted_after(file: &str, opening: &str) -> BTreeSet<String> {
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let begins = source.match_indices(opening).map(|(at, _)| &source[at + opening.len()..]);
    begins.filter_map(|rest| rest.split('"').next().map(str::to_owned)).filter(|path| path.starts_with('/')).collect()
}

#[test]
fn every_address_of_the_source_is_listed_and_no_other() {
    let mut there = BTreeSet::new();
    for opening in ["figures(\"", "paper(\"", "figures(&format!(\"", "page(\"", "form(\"", "web::resource(\""] {
        there.extend(quoted_after("src/web/pages/mod.rs", opening));
    }
    there.extend(quoted_after("src/web/mod.rs", ".route(\""));
    there.extend(quoted_after("src/web/api/mod.rs", "at(\"").iter().map(|path| format!("/api/v1{path}")));
    let listed: BTreeSet<String> = ROUTES.iter().map(|route| route.path.replace(UNIT_PAGE, "{CODE}")).collect();
    assert_eq!(there, listed);
}

#[test]
fn the_api_describes_every_address_of_its_own() {
    let in_source = quoted_after("src/web/api/mod.rs", "at(\"");
    let mut described = BTreeSet::new();
    let files =
        ["chase", "consolidated", "difficulties", "imports", "live", "reports", "session", "tracing", "views", "zones"];
    for file in files {
        described.extend(quoted_after(&format!("src/web/api/{file}.rs"), "path = \""));
    }
    assert_eq!(in_source, described);
}

/// The pages people open, as they stand in the source.
pub fn pages() -> impl Iterator<Item = &'static str> {
    let is_page =
        |route: &&Route| route.method == "GET" && !route.is_for_programs() && !route.address.starts_with("/api");
    let shows_more = |path: &&str| {
        !["/healthz", "/readyz", "/static/{path:.*}", "/favicon.ico", "/phien", "/tong-quan", "/nhap-lieu/da-gui"]
            .contains(path)
    };
    // Those of a file are looked at where one is sent (browser/uploads.rs).
    let of_a_file = |path: &&str| path.starts_with("/tai-len/");
    ROUTES.iter().filter(is_page).map(|route| route.path).filter(shows_more).filter(move |path| !of_a_file(path))
}
