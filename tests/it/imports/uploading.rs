//! The pages that take a file in: choose, preview, say what is missing, confirm.

use std::{fmt::Write as _, fs, path::Path};

use reqwest::Method;
use vungxanh::domain::actor::Role;

use crate::harness::{Client, Reply, TestApp, app_tests};

/// A file of the samples.
pub fn asset(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/assets/imports").join(name)).unwrap()
}

/// A form as a browser sends it.
fn multipart(fields: &[(&str, &str)], name: &str, content: &[u8]) -> Vec<u8> {
    let mut head = String::new();
    for (field, value) in fields {
        write!(head, "--vx\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").unwrap();
    }
    write!(head, "--vx\r\nContent-Disposition: form-data; name=\"tep\"; filename=\"{name}\"\r\n").unwrap();
    head.push_str("Content-Type: application/octet-stream\r\n\r\n");
    [head.as_bytes(), content, b"\r\n--vx--\r\n"].concat()
}

/// Sends a file; the answer.
pub async fn send(client: &Client, fields: &[(&str, &str)], name: &str, content: &[u8]) -> Reply {
    let request = client.request(Method::POST, "/tai-len").header("sec-fetch-site", "same-origin");
    let request = request.header("content-type", "multipart/form-data; boundary=vx");
    Reply::to(request.body(multipart(fields, name, content))).await
}

/// Sends a file and follows to its preview: where it is, and the page.
pub async fn upload(client: &Client, fields: &[(&str, &str)], name: &str) -> (String, Reply) {
    let reply = send(client, fields, name, &asset(name)).await;
    assert_eq!(reply.status, 303, "{reply}");
    let address = reply.header("location").to_owned();
    let page = client.get(&address).await;
    assert_eq!(page.status, 200, "{page}");
    (address, page)
}

/// Sends a form of a page.
pub async fn post_form(client: &Client, address: &str, fields: &[(&str, &str)]) -> Reply {
    let request = client.request(Method::POST, address).header("sec-fetch-site", "same-origin");
    Reply::to(request.form(fields)).await
}

const RESIDENTS: [(&str, &str); 4] =
    [("loai", "so-lieu"), ("nhom", "cho-moi-1677:residents"), ("pham-vi", "893"), ("ngay", "20/08/2020")];

/// Everything that is recorded, table by table.
fn recorded(app: &TestApp) -> Vec<String> {
    let tables = ["report", "figure", "latest", "tally", "zone_decision", "zone_line", "audit_event", "operation"];
    tables.map(|table| app.database.peek(&format!("SELECT count(*) FROM {table}"))).to_vec()
}

async fn a_preview_says_what_would_come_of_every_row_and_records_nothing(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    let before = recorded(app);
    let (address, page) = upload(&client, &RESIDENTS, "01_chomoi_utf8_bom_semicolon.csv").await;
    assert!(page.body.contains("Đã đọc 21 dòng: 17 nhập được, 0 không đổi, 1 lỗi, 3 bỏ qua"), "{page}");
    assert!(page.body.contains("Đã cài Bluezone"), "{page}");
    assert!(page.body.contains("Nhập 17 dòng"), "{page}");
    let odd = client.get(&format!("{address}&xem=can-xem")).await;
    assert!(odd.body.contains("Tỷ lệ trong tệp là 61,00%"), "{odd}");
    let taken = client.get(&format!("{address}&xem=nhap-duoc")).await;
    assert!(taken.body.contains("Xã Kiến An") && taken.body.contains("Mới"), "{taken}");
    assert_eq!(recorded(app), before, "a preview records nothing");
}

async fn the_refused_rows_come_back_as_a_workbook(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    let (address, _) = upload(&client, &RESIDENTS, "01_chomoi_utf8_bom_semicolon.csv").await;
    let (path, query) = address.split_once('?').unwrap();
    let reply = client.get(&format!("{path}/loi.xlsx?{query}")).await;
    assert_eq!(reply.status, 200, "{reply}");
    assert!(reply.content_type.contains("spreadsheetml"), "{}", reply.content_type);
}

async fn a_name_that_was_confirmed_once_is_known_the_next_time(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    let content = "Tên đơn vị;Dân số;Smartphone;Bluezone\nXã Kiến Ân Đông;100;90;80\nXã Hòa Bình;200;150;100\n";
    let reply = send(&client, &RESIDENTS, "tuan.csv", content.as_bytes()).await;
    let address = reply.header("location").to_owned();
    let page = client.get(&address).await;
    assert!(page.body.contains("1 nhập được, 0 không đổi, 1 lỗi"), "{page}");
    assert!(page.body.contains("name=\"ten-0\" value=\"Xã Kiến Ân Đông\""), "{page}");
    let path = address.split_once('?').unwrap().0;
    let mut fields = RESIDENTS.to_vec();
    fields.extend([("ten-0", "Xã Kiến Ân Đông"), ("ma-0", "khac"), ("khac-0", "30634")]);
    let reply = post_form(&client, &format!("{path}/ten"), &fields).await;
    assert_eq!(reply.status, 303, "{reply}");
    let page = client.get(reply.header("location")).await;
    assert!(page.body.contains("2 nhập được, 0 không đổi, 0 lỗi"), "{page}");

    let next = send(&client, &RESIDENTS, "tuan-sau.csv", content.as_bytes()).await;
    let page = client.get(next.header("location")).await;
    assert!(page.body.contains("2 nhập được, 0 không đổi, 0 lỗi"), "{page}");
    let other = app.account(Role::FocalPoint, "893").await;
    let reply = send(&other, &RESIDENTS, "tuan.csv", content.as_bytes()).await;
    let page = other.get(reply.header("location")).await;
    assert!(page.body.contains("1 nhập được, 0 không đổi, 1 lỗi"), "each account has its own: {page}");

    let forget = [RESIDENTS.as_slice(), &[("quen", "Xã Kiến Ân Đông")]].concat();
    let reply = post_form(&client, &format!("{path}/ten"), &forget).await;
    let page = client.get(reply.header("location")).await;
    assert!(page.body.contains("1 nhập được, 0 không đổi, 1 lỗi"), "{page}");
}

async fn columns_that_were_said_once_are_known_by_their_header(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    let content = "Nơi;Người;Có máy;BZ\nXã Kiến An;100;90;80\nXã Hòa Bình;200;150;100\n";
    let reply = send(&client, &RESIDENTS, "la.csv", content.as_bytes()).await;
    let address = reply.header("location").to_owned();
    let page = client.get(&address).await;
    assert!(page.body.contains("Không tìm thấy dòng tiêu đề"), "{page}");
    let (path, query) = address.split_once('?').unwrap();
    let columns = client.get(&format!("{path}/cot?{query}")).await;
    assert!(columns.body.contains("Có máy"), "{columns}");
    let from = columns.body.split_once("name=\"van-tay\" value=\"").unwrap().1;
    let fingerprint = from.split_once('"').unwrap().0.to_owned();
    let mut fields = RESIDENTS.to_vec();
    fields.extend([
        ("van-tay", fingerprint.as_str()),
        ("cot-0", "name"),
        ("cot-1", "total"),
        ("cot-2", "smartphone"),
        ("cot-3", "bluezone"),
    ]);
    let reply = post_form(&client, &format!("{path}/cot"), &fields).await;
    let page = client.get(reply.header("location")).await;
    assert!(page.body.contains("2 nhập được"), "{page}");

    let reply = send(&client, &RESIDENTS, "tuan-sau.csv", content.as_bytes()).await;
    let page = client.get(reply.header("location")).await;
    assert!(page.body.contains("2 nhập được"), "{page}");
}

async fn a_file_that_cannot_be_read_says_why_and_what_to_do(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    for (what, name, content, says) in [
        ("a picture", "anh.xlsx", b"\x89PNG\r\n\x1a\n0000".as_slice(), "Không đọc được tệp"),
        ("no figures", "trong.csv", b"xin chao", "Không tìm thấy dòng tiêu đề"),
    ] {
        let reply = send(&client, &RESIDENTS, name, content).await;
        assert_eq!(reply.status, 303, "{what}: {reply}");
        let page = client.get(reply.header("location")).await;
        assert!(page.body.contains(says) && page.body.contains("Lỗi:"), "{what}: {page}");
    }
    let empty = send(&client, &RESIDENTS, "rong.csv", b"").await;
    assert_eq!(empty.status, 422, "{empty}");
    let large = send(&client, &RESIDENTS, "lon.csv", &vec![b'x'; (10 << 20) + 1]).await;
    assert_eq!(large.status, 413, "{}", large.status);
    let no_day = [RESIDENTS[0], RESIDENTS[1], RESIDENTS[2]];
    let content = "Tên đơn vị;Dân số;Smartphone;Bluezone\nXã Kiến An;100;90;80\n";
    let reply = send(&client, &no_day, "khong-ngay.csv", content.as_bytes()).await;
    let address = reply.header("location").to_owned();
    let page = client.get(&address).await;
    assert!(page.body.contains("Nhập ngày"), "{page}");
    let page = client.get(&format!("{address}&ngay=20/08/2020")).await;
    assert!(page.body.contains("1 nhập được"), "{page}");
}

async fn nobody_sees_the_file_of_another(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    let (address, _) = upload(&client, &RESIDENTS, "01_chomoi_utf8_bom_semicolon.csv").await;
    for (role, status) in [(Role::FocalPoint, 404), (Role::Committee, 403), (Role::HealthStaff, 403)] {
        let other = app.account(role, "893").await;
        let reply = other.get(&address).await;
        assert_eq!(reply.status, status, "{role}: {reply}");
    }
    let committee = app.account(Role::Committee, "893").await;
    assert_eq!(send(&committee, &RESIDENTS, "x.csv", b"a;b").await.status, 403);
    assert_eq!(committee.get("/tai-len").await.status, 403);
}

async fn a_confirmed_file_is_recorded_and_the_same_file_again_changes_nothing(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    let (address, _) = upload(&client, &RESIDENTS, "01_chomoi_utf8_bom_semicolon.csv").await;
    let path = address.split_once('?').unwrap().0.to_owned();
    let reply = post_form(&client, &format!("{path}/nhap"), &RESIDENTS).await;
    assert_eq!(reply.status, 303, "{reply}");
    let result = client.get(reply.header("location")).await;
    assert!(result.body.contains("Đã nhập 17 dòng, không đổi 0, lỗi 1, bỏ qua 3; tổng 21"), "{result}");
    assert!(result.body.contains("loi.xlsx"), "{result}");
    assert_eq!(app.database.peek("SELECT count(*) FROM report WHERE channel = 'file'"), "17");

    let before = recorded(app);
    let (address, page) = upload(&client, &RESIDENTS, "01_chomoi_utf8_bom_semicolon.csv").await;
    assert!(page.body.contains("Tệp này đã nhập lúc"), "{page}");
    assert!(page.body.contains("Đã đọc 21 dòng: 0 nhập được, 17 không đổi, 1 lỗi, 3 bỏ qua"), "{page}");
    let path = address.split_once('?').unwrap().0.to_owned();
    let reply = post_form(&client, &format!("{path}/nhap"), &RESIDENTS).await;
    assert_eq!(reply.status, 303, "{reply}");
    assert_eq!(recorded(app), before);
}

async fn a_row_that_is_left_out_is_not_recorded(app: &TestApp) {
    let client = app.account(Role::FocalPoint, "893").await;
    let (address, _) = upload(&client, &RESIDENTS, "01_chomoi_utf8_bom_semicolon.csv").await;
    let path = address.split_once('?').unwrap().0.to_owned();
    let fields = [RESIDENTS.as_slice(), &[("bo", "2"), ("bo", "3")]].concat();
    let reply = post_form(&client, &format!("{path}/nhap"), &fields).await;
    let result = client.get(reply.header("location")).await;
    assert!(result.body.contains("Đã nhập 15 dòng, không đổi 0, lỗi 1, bỏ qua 5; tổng 21"), "{result}");
}

async fn every_sample_file_comes_in_through_the_page(app: &TestApp) {
    let samples: [(&str, &str, &str, &str, &str); 4] = [
        (
            "01_chomoi_utf8_bom_semicolon.csv",
            "cho-moi-1677:residents",
            "893",
            "20/08/2020",
            "17 nhập được, 0 không đổi, 1 lỗi",
        ),
        (
            "03_chomoi_merged_title_two_row_header.xlsx",
            "cho-moi-1677:staff",
            "893",
            "20/08/2020",
            "nhập được, 0 không đổi",
        ),
        ("09_chomoi_numbers_as_text.xlsx", "cho-moi-1677:staff", "893", "27/08/2020", "nhập được, 0 không đổi"),
        ("11_soctrang_sections.xlsx", "theo-doi-chung:residents", "94", "31/08/2020", "nhập được, 0 không đổi"),
    ];
    for (name, cohort, scope, day, says) in samples {
        let client = app.account(Role::FocalPoint, scope).await;
        let fields = [("loai", "so-lieu"), ("nhom", cohort), ("pham-vi", scope), ("ngay", day)];
        let (address, page) = upload(&client, &fields, name).await;
        assert!(page.body.contains(says), "{name}: {page}");
        let expected: serde_json::Value = serde_json::from_slice(&asset(&format!("{name}.expected.json"))).unwrap();
        let accepted = expected["expected_counts"]["accepted"].as_u64().unwrap();
        assert!(page.body.contains(&format!(": {accepted} nhập được")), "{name}: {page}");
        let path = address.split_once('?').unwrap().0.to_owned();
        let mut with_reason = fields.to_vec();
        with_reason.push(("ly-do", "số liệu thử"));
        let reply = post_form(&client, &format!("{path}/nhap"), &with_reason).await;
        assert_eq!(reply.status, 303, "{name}: {reply}");
        let result = client.get(reply.header("location")).await;
        assert!(result.body.contains(&format!("Đã nhập {accepted} dòng")), "{name}: {result}");
    }
}

async fn a_file_of_zones_shows_before_and_after_and_is_recorded(app: &TestApp) {
    let client = app.account(Role::HealthStaff, "893").await;
    let fields = [
        ("loai", "phan-vung"),
        ("pham-vi", "893"),
        ("thang", "nq_128_qd_4800"),
        ("ngay", "19/11/2021"),
        ("gio", "07:00"),
        ("so", "99/QĐ-UBND"),
        ("co-quan", "UBND huyện Chợ Mới"),
    ];
    let before = app.database.peek("SELECT count(*) FROM zone_decision");
    let (address, page) = upload(&client, &fields, "16_chomoi_zone_levels_2021-10-27.csv").await;
    assert!(page.body.contains(": 18 nhập được"), "{page}");
    let taken = client.get(&format!("{address}&xem=nhap-duoc")).await;
    assert!(taken.body.contains("Xã Kiến An"), "{taken}");
    assert_eq!(app.database.peek("SELECT count(*) FROM zone_decision"), before);
    let path = address.split_once('?').unwrap().0.to_owned();
    let reply = post_form(&client, &format!("{path}/nhap"), &fields).await;
    assert_eq!(reply.status, 303, "{reply}");
    let result = client.get(reply.header("location")).await;
    assert!(result.body.contains("Đã nhập 18 dòng"), "{result}");
    let official = "SELECT count(*) FROM zone_decision WHERE decision_number = '99/QĐ-UBND' AND is_official";
    assert_eq!(app.database.peek(official), "18");
}

async fn a_fall_is_recorded_only_with_a_reason(app: &TestApp) {
    let client = app.account(Role::Consolidator, "893").await;
    let mut fields = RESIDENTS.to_vec();
    let first = "Tên đơn vị;Dân số;Smartphone;Bluezone\nXã Hòa Bình;200;150;100\n";
    let second = "Tên đơn vị;Dân số;Smartphone;Bluezone\nXã Hòa Bình;200;150;40\n";
    for (content, day) in [(first, "20/08/2020"), (second, "27/08/2020")] {
        fields[3] = ("ngay", day);
        let reply = send(&client, &fields, "tuan.csv", content.as_bytes()).await;
        let path = reply.header("location").split_once('?').unwrap().0.to_owned();
        let reply = post_form(&client, &format!("{path}/nhap"), &fields).await;
        if day == "20/08/2020" {
            assert_eq!(reply.status, 303, "{reply}");
            continue;
        }
        assert_eq!(reply.status, 422, "{reply}");
        assert!(reply.body.contains("Ghi lý do") && reply.body.contains("giảm từ 100 xuống 40"), "{reply}");
        let with_reason = [fields.as_slice(), &[("ly-do", "đổi máy")]].concat();
        let reply = post_form(&client, &format!("{path}/nhap"), &with_reason).await;
        assert_eq!(reply.status, 303, "{reply}");
    }
    assert_eq!(app.database.peek("SELECT count(*) FROM report WHERE reason = 'đổi máy'"), "1");
}

app_tests!(
    a_confirmed_file_is_recorded_and_the_same_file_again_changes_nothing,
    a_row_that_is_left_out_is_not_recorded,
    every_sample_file_comes_in_through_the_page,
    a_file_of_zones_shows_before_and_after_and_is_recorded,
    a_fall_is_recorded_only_with_a_reason,
    a_preview_says_what_would_come_of_every_row_and_records_nothing,
    the_refused_rows_come_back_as_a_workbook,
    a_name_that_was_confirmed_once_is_known_the_next_time,
    columns_that_were_said_once_are_known_by_their_header,
    a_file_that_cannot_be_read_says_why_and_what_to_do,
    nobody_sees_the_file_of_another,
);
