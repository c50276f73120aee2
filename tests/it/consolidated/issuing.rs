//! Issuing freezes a report; what is corrected afterwards shows as a difference.

use serde_json::{Value, json};
use vungxanh::{
    documents::official::{self, Edition},
    domain::{
        actor::{Actor, Role},
        consolidated::ConsolidatedReport,
    },
    store::{StoreError, issued_reports},
    usecases::{UseCaseError, draft_on_schedule, draft_report::PreparedDraft, issue_report::canonical, verify::verify},
};

use super::{bytes, correct, files, fill, issue, send};
use crate::harness::{NOW, TestApp, app_tests, instant};

async fn an_issued_report_stays_the_same_bytes_whatever_is_corrected(app: &TestApp) {
    fill(app).await;
    let office = app.account(Role::Consolidator, "893").await;
    let issued = issue(&office, json!({ "achievements": "Các đơn vị tích cực." })).await;
    assert_eq!(issued.status, 201, "{issued}");
    let issued = issued.json();
    let (id, path) = (issued["id"].as_i64().unwrap(), format!("/bao-cao/{}", issued["id"]));
    let before = (bytes(&office, &format!("{path}.docx")).await, bytes(&office, &format!("{path}.xlsx")).await);
    let page = office.get(&path).await;
    assert!(page.body.contains("Không có số liệu nào thay đổi từ khi chốt."), "{page}");
    correct(app).await;
    app.advance(chrono::Duration::days(9));
    let office = app.account(Role::Consolidator, "893").await;
    let after = (bytes(&office, &format!("{path}.docx")).await, bytes(&office, &format!("{path}.xlsx")).await);
    assert!(before == after, "the files have changed");
    // Nor are they only kept: made again of the content they are the same bytes.
    let text: Result<String, StoreError> = app.store.read_now(|conn| issued_reports::text(conn, id));
    let report: ConsolidatedReport = serde_json::from_str(&text.unwrap()).unwrap();
    let (_, digest) = canonical(&report).unwrap();
    assert_eq!(issued["sha256"], digest);
    let issued_at = issued["issued_at"].as_str().unwrap().parse().unwrap();
    let again = official::files(&report, Some(&Edition { version: 1, digest, issued_at })).unwrap();
    assert!(before == again, "the files are not what the content makes");
    // The correction shows as a difference, with a way to its history.
    let changes = office.get(&format!("/api/v1/consolidated/issued/{id}/changes")).await.json();
    let of_unit: Vec<&Value> =
        changes.as_array().unwrap().iter().filter(|change| change["unit"]["code"] == "CM-P-YTE").collect();
    assert_eq!(of_unit.len(), 1, "{changes:#}");
    let (old, new) = (&of_unit[0]["old"], &of_unit[0]["new"]);
    assert_eq!((&old["count"], &new["count"]), (&json!(1233), &json!(1234)));
    assert!(changes.as_array().unwrap().iter().any(|change| change["is_total"] == true), "{changes:#}");
    let page = office.get(&path).await;
    assert!(page.body.contains("1.233 (99,9%)") && page.body.contains("1.234 (100%)"), "{page}");
    assert!(page.body.contains("/lich-su/CM-P-YTE/staff_b/bluezone_installed"), "{page}");
    assert_eq!(app.store.read_now(verify).unwrap().difference, None);
}

async fn what_has_moved_since_the_preview_is_shown_before_it_is_issued(app: &TestApp) {
    fill(app).await;
    let office = app.account(Role::Consolidator, "893").await;
    let body = "ky=2021-11-15/2021-11-21&phan=results&phan=annexes&nguoi-ky=1&noi-nhan=Nh%C6%B0+tr%C3%AAn";
    let reply = send(&office, "/bao-cao", body).await;
    assert_eq!(reply.status, 303, "{reply}");
    let draft = reply.header("location").to_owned();
    let preview = office.get(&draft).await;
    assert!(preview.body.contains("KT. TRƯỞNG PHÒNG") && preview.body.contains("- Như trên;"), "{preview}");
    // The hour alone moves nothing.
    app.advance(chrono::Duration::minutes(5));
    assert!(office.get(&format!("{draft}/chot")).await.body.contains("Chốt báo cáo"));
    correct(app).await;
    let check = office.get(&format!("{draft}/chot")).await;
    assert!(check.body.contains("1.233 (99,9%)") && check.body.contains("Cập nhật bản xem trước"), "{check}");
    let reply = send(&office, &format!("{draft}/chot"), "").await;
    assert_eq!(reply.status, 409);
    assert!(reply.body.contains("<ins>1.234 (100%)</ins>"), "{reply}");
    let id = draft.rsplit('/').next().unwrap();
    let refused = office.post(&format!("/api/v1/consolidated/drafts/{id}/issue"), &json!({})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("figures_moved")), "{refused}");
    assert_eq!(app.database.peek("SELECT count(*) FROM issued_report"), "0");
    let reply = send(&office, &format!("{draft}/cap-nhat"), "").await;
    let draft = reply.header("location").to_owned();
    let reply = send(&office, &format!("{draft}/chot"), "").await;
    assert_eq!(reply.status, 303, "{reply}");
    let page = office.get(reply.header("location")).await;
    assert!(page.body.contains("Đã chốt báo cáo.") && page.body.contains("Bản chốt lần 1"), "{page}");
    // Once more is still the same one.
    assert_eq!(send(&office, &format!("{draft}/chot"), "").await.header("location"), reply.header("location"));
    assert_eq!(app.database.peek("SELECT count(*) FROM issued_report"), "1");
    assert_eq!(app.database.peek("SELECT count(*) FROM audit_event WHERE action = 'report.issued'"), "1");
}

async fn the_next_report_says_what_changed_since_the_last(app: &TestApp) {
    fill(app).await;
    let office = app.account(Role::Consolidator, "893").await;
    let first = issue(&office, json!({})).await.json();
    // Another version of the same week is compared with no week before it.
    let second = issue(&office, json!({ "achievements": "Bổ sung." })).await.json();
    assert_eq!((&first["version"], &second["version"]), (&json!(1), &json!(2)));
    correct(app).await;
    let next = office.get("/api/v1/consolidated?from=2021-11-20&to=2021-11-20").await;
    assert_eq!(next.status, 200, "{next}");
    let report = next.json();
    assert_eq!((&report["previous"]["version"], &report["previous"]["id"]), (&json!(2), &second["id"]));
    let mut lines = report["lines"].as_array().unwrap().iter();
    let line = lines.find(|line| line["unit"]["code"] == "CM-P-YTE" && line["cohort"] == "staff_b").unwrap();
    assert_eq!((&line["before"]["rate"]["counted"], &line["rank"]), (&json!(1233), &json!(1)), "{line:#}");
}

async fn a_report_is_made_and_issued_by_the_office_and_read_by_the_committee(app: &TestApp) {
    fill(app).await;
    let office = app.account(Role::Consolidator, "893").await;
    let id = issue(&office, json!({})).await.json()["id"].clone();
    let draft = json!({ "from": "2021-11-15", "to": "2021-11-21" });
    for role in Role::ALL {
        let client = app.account(*role, "893").await;
        let reads = matches!(role, Role::Committee | Role::Consolidator);
        let makes = *role == Role::Consolidator;
        let status = |is: bool, good| if is { good } else { 403 };
        for path in [format!("/bao-cao/{id}"), format!("/bao-cao/{id}.docx"), "/bao-cao".to_owned()] {
            assert_eq!(client.get(&path).await.status, status(reads, 200), "{role} {path}");
        }
        assert_eq!(client.post("/api/v1/consolidated/drafts", &draft).await.status, status(makes, 201), "{role}");
        assert_eq!(client.get("/bao-cao/the-thuc").await.status, status(makes, 200), "{role}");
        assert_eq!(client.get("/bao-cao").await.body.contains("<textarea"), makes, "{role}");
    }
    let elsewhere = app.account(Role::Consolidator, "30634").await;
    assert_eq!(elsewhere.get(&format!("/bao-cao/{id}")).await.status, 403);
}

async fn what_is_written_is_checked_and_kept_for_the_next(app: &TestApp) {
    let office = app.account(Role::Consolidator, "893").await;
    let refused = |body: Value| {
        let office = office.clone();
        async move {
            let reply = office.post("/api/v1/consolidated/drafts", &body).await;
            assert_eq!(reply.status, 422, "{reply}");
            reply.json()["errors"][0]["rule"].clone()
        }
    };
    let texts = json!({ "direction": "Liên hệ 0912 345 678" });
    assert_eq!(refused(json!({ "texts": texts })).await, "personal_data");
    assert_eq!(refused(json!({ "from": "2021-12-01", "to": "2021-12-07" })).await, "in_future");
    assert_eq!(refused(json!({ "from": "2021-11-18", "to": "2021-11-17" })).await, "before_start");
    assert_eq!(refused(json!({ "from": "2020-08-06", "to": "2021-11-17" })).await, "too_many_days");
    let reply = send(&office, "/bao-cao", "ky=2021-11-15/2021-11-21&chi-dao=a%40b.vn").await;
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains(r##"href="#phan""##) && reply.body.contains("a@b.vn</textarea>"), "{reply}");
    let reply = send(&office, "/bao-cao", "ky=2021-11-15/2021-11-21&phan=results&chi-dao=a%40b.vn").await;
    assert!(reply.body.contains(r##"href="#chi-dao""##), "{reply}");
    let reply =
        send(&office, "/bao-cao", "ky=2021-11-15/2021-11-21&phan=direction&chi-dao=%C4%90%C3%A3+h%E1%BB%8Dp").await;
    assert_eq!(reply.status, 303, "{reply}");
    assert!(office.get("/bao-cao").await.body.contains("Đã họp</textarea>"), "the next begins with these words");
}

async fn a_draft_is_made_once_an_hour_after_reports_are_due(app: &TestApp) {
    fill(app).await;
    // Saturday: yesterday's hour was missed and is made up for. Two instances prepare it, one keeps it.
    let both = [prepare(app).await, prepare(app).await];
    let mut kept = Vec::new();
    for (actor, prepared) in both.into_iter().flatten() {
        let keep = move |conn: &mut _| draft_on_schedule::keep_due(conn, &actor, &prepared, instant(NOW));
        let id: Result<Option<i64>, UseCaseError> = app.store.write(keep).await;
        kept.push(id.unwrap());
    }
    assert!(kept.len() == 2 && kept[0].is_some() && kept[1].is_none(), "{kept:?}");
    assert!(prepare(app).await.is_none(), "it is made");
    let office = app.account(Role::Consolidator, "893").await;
    let page = office.get("/bao-cao").await;
    assert!(
        page.body.contains("Tự soạn theo lịch, chờ kiểm tra") && page.body.contains("Chưa chốt báo cáo nào"),
        "{page}"
    );
    let draft = office.get(&format!("/api/v1/consolidated/drafts/{}", kept[0].unwrap())).await.json();
    assert_eq!(draft["choices"]["period"], json!({ "starts_on": "2021-11-15", "ends_on": "2021-11-21" }));
    let sent = &draft["report"]["coverage"]["in_period"];
    assert_eq!((&sent["expected"], &sent["received"], &sent["on_time"]), (&json!(30), &json!(3), &json!(0)), "{sent}");
    assert_eq!(app.store.read_now(verify).unwrap().difference, None);
}

/// What the schedule prepares now.
async fn prepare(app: &TestApp) -> Option<(Actor, PreparedDraft)> {
    let now = instant(NOW);
    let due: Result<_, UseCaseError> = app.store.read(move |conn| draft_on_schedule::due(conn, now)).await;
    let due = due.unwrap().pop()?;
    let of = due.clone();
    let actor: Result<Actor, UseCaseError> =
        app.store.write(move |conn| draft_on_schedule::recorder(conn, &of, now)).await;
    let (actor, reader) = (actor.as_ref().unwrap().clone(), actor.unwrap());
    let prepared: Result<_, UseCaseError> =
        app.store.read(move |conn| draft_on_schedule::prepare_due(conn, &reader, &due, now)).await;
    Some((actor, prepared.unwrap()?))
}

async fn the_letterhead_is_the_offices_and_issued_reports_keep_theirs(app: &TestApp) {
    let office = app.account(Role::Consolidator, "893").await;
    let first = issue(&office, json!({})).await.json()["id"].clone();
    let page = office.get("/bao-cao/the-thuc").await;
    assert!(
        page.body.contains("giả định của hệ thống") && page.body.contains("Sở Thông tin và Truyền thông tỉnh"),
        "{page}"
    );
    let reply = send(&office, "/bao-cao/the-thuc", "co-quan=&nguoi-ky=").await;
    assert!(reply.status == 422 && reply.body.contains(r##"href="#co-quan""##), "{reply}");
    let body = "co-quan=Ph%C3%B2ng+VH-XH&ky-hieu=BC-VHXH&dia-danh=Ki%E1%BA%BFn+An&kinh-gui=UBND+x%C3%A3&trich-yeu=K%E1%BA%BFt+qu%E1%BA%A3&nguoi-ky=Q.+Tr%C6%B0%E1%BB%9Fng+ph%C3%B2ng";
    assert_eq!(send(&office, "/bao-cao/the-thuc", body).await.status, 303);
    let second = issue(&office, json!({})).await.json()["id"].clone();
    let text =
        async |id: &Value| files::part(&bytes(&office, &format!("/bao-cao/{id}.docx")).await, "word/document.xml");
    assert!(text(&first).await.contains("/BC-VHTT") && !text(&first).await.contains("BC-VHXH"));
    assert!(text(&second).await.contains("/BC-VHXH") && text(&second).await.contains("Q. TRƯỞNG PHÒNG"));
}

app_tests!(
    an_issued_report_stays_the_same_bytes_whatever_is_corrected,
    what_has_moved_since_the_preview_is_shown_before_it_is_issued,
    the_next_report_says_what_changed_since_the_last,
    a_report_is_made_and_issued_by_the_office_and_read_by_the_committee,
    what_is_written_is_checked_and_kept_for_the_next,
    a_draft_is_made_once_an_hour_after_reports_are_due,
    the_letterhead_is_the_offices_and_issued_reports_keep_theirs,
);
