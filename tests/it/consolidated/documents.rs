//! One number everywhere: API, page, Word, Excel; and a Word file in the form the decree asks for.

use serde_json::{Value, json};
use vungxanh::domain::actor::Role;

use super::{bytes, files, fill, issue};
use crate::harness::{Client, TestApp, app_tests};

/// `1.234`.
fn grouped(n: &Value) -> String {
    let digits = n.as_i64().unwrap().to_string();
    let first = (digits.len() - 1) % 3 + 1;
    let rest = digits.as_bytes()[first..].chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    std::iter::once(digits[..first].to_owned()).chain(rest).collect::<Vec<_>>().join(".")
}

fn of(list: &Value, is: impl Fn(&Value) -> bool) -> &Value {
    list.as_array().unwrap().iter().find(|one| is(one)).unwrap()
}

/// The text of a page without its markup, white space squeezed.
fn words(html: &str) -> String {
    let mut out = String::new();
    let mut is_text = true;
    for c in html.chars() {
        match c {
            '<' => {
                is_text = false;
                out.push(' ');
            }
            '>' => is_text = true,
            c if is_text => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Opens the files of an issued report and compares every figure of every unit with the page and the API: how many.
pub async fn compare(office: &Client, id: &Value) -> usize {
    let report = office.get(&format!("/api/v1/consolidated/issued/{id}")).await.json()["report"].clone();
    let docx = bytes(office, &format!("/bao-cao/{id}.docx")).await;
    let sheets = files::sheets(&bytes(office, &format!("/bao-cao/{id}.xlsx")).await);
    let page = words(&office.get(&format!("/bao-cao/{id}")).await.body);
    let rows = files::rows(&docx);
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["Tổng hợp", "Theo đơn vị", "Theo xã, ấp", "Phân vùng", "Chưa báo cáo", "Định nghĩa"]);
    // Units: every figure of every line stands in the unit's row of the annex, of the sheet and of the page.
    let mut compared = 0;
    for line in report["lines"].as_array().unwrap().iter().filter(|line| !line["target"].is_null()) {
        let (name, code) = (line["unit"]["name"].as_str().unwrap(), line["unit"]["code"].as_str().unwrap());
        let row = rows.iter().find(|row| row.len() > 10 && row[1].starts_with(name)).unwrap();
        if line["figures"] == json!([]) {
            assert!(row.contains(&"Chưa báo cáo".to_owned()), "{row:?}");
            continue;
        }
        let cohort = of(&report["cohorts"], |cohort| cohort["code"] == line["cohort"])["short"].as_str().unwrap();
        let excel = files::row_with(&sheets[1], &[code, cohort]);
        for figure in line["figures"].as_array().unwrap() {
            assert!(row.contains(&grouped(&figure["count"])), "{name}: {figure} {row:?}");
            assert!(excel.contains(&figure["count"].to_string()), "{name}: {figure} {excel:?}");
            compared += 1;
        }
        assert!(page.contains(&words(&row.join(" "))), "{row:?}");
    }
    compared
}

async fn api_page_word_and_excel_say_the_same_numbers(app: &TestApp) {
    fill(app).await;
    let office = app.account(Role::Consolidator, "893").await;
    let id = issue(&office, json!({})).await.json()["id"].clone();
    assert_eq!(compare(&office, &id).await, 12, "three units of four figures");
    let report = office.get(&format!("/api/v1/consolidated/issued/{id}")).await.json()["report"].clone();
    let sheets = files::sheets(&bytes(&office, &format!("/bao-cao/{id}.xlsx")).await);
    let rows = files::rows(&bytes(&office, &format!("/bao-cao/{id}.docx")).await);
    // Totals are those of the overview; 1233 of 1234 is 99,9 % and not 100 %.
    let overview = office.get("/api/v1/overview?unit=893&day=2021-11-20").await.json();
    let total = |view: &Value, cohort: &str, code: &str| -> Value {
        let cohorts = ["cohorts", "informational"].iter().filter_map(|list| view[list].as_array()).flatten();
        let of_cohort = cohorts.into_iter().find(|of| of["cohort"]["code"] == cohort || of["code"] == cohort).unwrap();
        of(&of_cohort["measures"], |m| m["code"] == code || m["measure"] == code)["rate"].clone()
    };
    for (cohort, measure) in
        [("staff_b", "bluezone_installed"), ("staff_d", "ncovi_declared"), ("residents", "bluezone_installed")]
    {
        assert_eq!(total(&report, cohort, measure), total(&overview, cohort, measure), "{cohort} {measure}");
    }
    assert!(rows.iter().any(|row| row[0].starts_with("Nhóm B") && row.contains(&"99,9%".to_owned())), "{rows:?}");
    let shown = files::row_with(&sheets[0], &["Nhóm B", "1233"]);
    assert!(shown.iter().any(|cell| cell.contains("0.999")), "{shown:?}");
    // The commune is what its hamlets add up to, and what its own page says.
    let commune = of(&report["communes"], |commune| commune["unit"]["code"] == "30634");
    let figures = &of(&commune["totals"], |total| total["cohort"] == "residents")["figures"];
    assert_eq!(
        of(figures, |figure| figure["measure"] == "bluezone_installed")["rate"],
        json!({ "counted": 1750, "base": 3003 })
    );
    let unit = office.get("/api/v1/units/30634?day=2021-11-20").await.json();
    let residents = of(&unit["totals"], |total| total["cohort"]["code"] == "residents");
    assert_eq!(
        of(&residents["measures"], |m| m["code"] == "bluezone_installed")["rate"],
        json!({ "counted": 1750, "base": 3003 })
    );
    let annex = rows.iter().find(|row| row.len() > 5 && row[1] == "Xã Kiến An" && row.contains(&"3.003".to_owned()));
    assert!(annex.unwrap().contains(&"58,2%".to_owned()), "{annex:?}");
    assert!(files::row_with(&sheets[2], &["30634-01"]).contains(&"1500".to_owned()));
    assert_eq!(files::row_with(&sheets[3], &["30631"])[2], "Vùng đỏ");
    assert_eq!(files::row_with(&sheets[4], &["CM-M-MTTQ"])[4], "đề nghị", "Party and Front bodies are asked, not told");
}

async fn a_word_file_has_the_form_the_decree_asks_for(app: &TestApp) {
    fill(app).await;
    let office = app.account(Role::Consolidator, "893").await;
    let id = issue(&office, json!({ "direction": "Ban hành <Công văn> 12 & 13" })).await.json()["id"].clone();
    let docx = bytes(&office, &format!("/api/v1/consolidated/issued/{id}/docx")).await;
    let text = files::part(&docx, "word/document.xml");
    assert!(text.contains("Ban hành &lt;Công văn&gt; 12 &amp; 13"));
    for said in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "PHÒNG VĂN HÓA VÀ THÔNG TIN",
        "Số:          /BC-VHTT",
        "Chợ Mới, ngày 20 tháng 11 năm 2021",
        "Kính gửi: Ủy ban nhân dân huyện Chợ Mới.",
        "- Như trên;",
        "- Lưu: VT, VHTT.",
        "TRƯỞNG PHÒNG",
        "Phụ lục IV",
    ] {
        assert!(text.contains(said), "{said}");
    }
    let (main, annexes) = text.rsplit_once("<w:titlePg/>").unwrap();
    assert!(!main.contains("landscape") && annexes.contains(r#"w:orient="landscape""#));
    // A4 with the decree's margins in 1/20 points: 20, 15, 20, 30 mm.
    let margins = r#"w:top="1134" w:right="851" w:bottom="1134" w:left="1701""#;
    assert_eq!(text.matches(margins).count(), 2);
    // The first page has a header of its own, without a number.
    assert!(main.contains(r#"<w:headerReference w:type="first" r:id="rId2"/>"#));
    assert!(files::part(&docx, "word/header1.xml").contains(" PAGE "));
    assert!(!files::part(&docx, "word/header2.xml").contains("PAGE"));
    // Every table with lines has one header row that is repeated, and no row that breaks.
    let tables = text.matches("<w:tblBorders>").count();
    assert!(tables >= 6, "{tables}");
    assert_eq!(text.matches("<w:tblHeader/>").count(), tables);
    let styles = files::part(&docx, "word/styles.xml");
    for slot in ["w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"] {
        assert!(styles.contains(&format!("{slot}=\"Times New Roman\"")), "{slot}");
    }
    let names = files::names(&docx);
    assert_eq!(names[0], "[Content_Types].xml");
    assert_eq!(names.iter().filter(|name| name.starts_with("word/media/")).count(), 3, "{names:?}");
    for name in names.iter().filter(|name| !name.starts_with("word/media/")) {
        let xml = files::part(&docx, name);
        let mut reader = quick_xml::Reader::from_str(&xml);
        while !matches!(reader.read_event().unwrap_or_else(|e| panic!("{name}: {e}")), quick_xml::events::Event::Eof) {}
    }
}

async fn what_is_left_out_is_left_out_and_parts_are_numbered_again(app: &TestApp) {
    let office = app.account(Role::Consolidator, "893").await;
    let body = json!({ "from": "2021-11-15", "to": "2021-11-21", "sections": ["results", "difficulties"] });
    let draft = office.post("/api/v1/consolidated/drafts", &body).await.json()["draft"].clone();
    let docx = bytes(&office, &format!("/bao-cao/ban-nhap/{draft}.docx")).await;
    let text = files::part(&docx, "word/document.xml");
    assert!(text.contains("I. KẾT QUẢ THỰC HIỆN") && text.contains("II. KHÓ KHĂN, VƯỚNG MẮC"));
    assert!(!text.contains("ĐÁNH GIÁ CHUNG") && !text.contains("Phụ lục I<") && !text.contains("landscape"));
    assert!(text.contains("đã có số liệu của 0/30 đơn vị"), "nobody has reported, and the report says so");
    assert_eq!(
        files::names(&docx).iter().filter(|name| name.starts_with("word/media/")).count(),
        2,
        "no trend without figures"
    );
}

app_tests!(
    api_page_word_and_excel_say_the_same_numbers,
    a_word_file_has_the_form_the_decree_asks_for,
    what_is_left_out_is_left_out_and_parts_are_numbered_again,
);
