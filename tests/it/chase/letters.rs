//! Reminders by letter: one for a unit and day, whoever sends; worded as the plan is; tried again where that is safe.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::Duration;
use serde_json::{Value, json};
use vungxanh::{domain::actor::Role, web::mail};

use super::{COMMITTEE, FRONT, OFFICE, WEEK, done, keep_contacts, list, report, row, server::MailServer};
use crate::harness::{
    NOW, PASSWORD, TestApp, TestDatabase, app_tests, database_tests,
    program::{Server, run, vungxanh},
};

/// The text of a letter, as a person reads it.
fn text(letter: &str) -> String {
    let (head, body) = letter.split_once("\r\n\r\n").unwrap();
    if head.to_lowercase().contains("base64") {
        let packed: String = body.split_whitespace().collect();
        return String::from_utf8(STANDARD.decode(packed).unwrap()).unwrap();
    }
    // Quoted-printable.
    let body = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = body.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let hex: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&hex, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

async fn the_late_are_reminded_once_by_themselves_and_in_the_words_of_their_clause(app: &TestApp) {
    let server = MailServer::start();
    let mailer = server.mailer();
    let office = app.account(Role::Consolidator, "893").await;
    let people = app.account(Role::FocalPoint, "893").await;
    keep_contacts(&office, &[OFFICE, FRONT, COMMITTEE]).await;
    // On time: it is not reminded.
    report(&people, COMMITTEE, "2021-11-18T09:00:00+07:00", 5).await;
    assert_eq!(mail::round(&app.state, &mailer).await.unwrap(), 2);
    let letters = server.letters();
    let to: Vec<&str> = letters.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(to, ["cm-p-yte@example.vn", "cm-m-mttq@example.vn"]);
    let [ordered, asked] = [0, 1].map(|i| text(&letters[i].1));
    assert!(asked.contains("Đề nghị quý cơ quan") && !asked.contains("Yêu cầu"), "{asked}");
    assert!(ordered.contains("Yêu cầu đơn vị gửi ngay"), "{ordered}");
    assert!(ordered.contains("15/11 – 21/11/2021") && ordered.contains("hạn 16:00\u{a0}19/11/2021"), "{ordered}");
    assert!(ordered.contains("https://vungxanh.example.vn/nhap-lieu"), "{ordered}");
    assert!(letters[0].1.contains("Auto-Submitted: auto-generated"), "{}", letters[0].1);
    // Eight o'clock was missed by an hour, and the list says so.
    let seen = list(&office).await;
    assert_eq!(seen["made_up"]["due_at"], "2021-11-20T01:00:00Z");
    let reminded = &row(&seen, OFFICE)["reminded"];
    assert_eq!(
        (&reminded["kind"], &reminded["state"], &reminded["times"]),
        (&json!("after"), &json!("sent"), &json!(1))
    );
    // Neither the next round nor somebody's press sends another that day.
    assert_eq!(mail::round(&app.state, &mailer).await.unwrap(), 0);
    let press = json!({ "units": [OFFICE, FRONT, COMMITTEE, "CM-P-KTHT"], "period": WEEK });
    let said = done(&office, "/api/v1/chase/reminders", &press).await;
    let names = |key: &str| said[key].as_array().unwrap().len();
    assert_eq!([names("queued"), names("already"), names("without_address"), names("not_late")], [0, 2, 1, 1]);
    assert_eq!(mail::round(&app.state, &mailer).await.unwrap(), 0);
    // On purpose it does.
    let again = json!({ "units": [OFFICE], "period": WEEK, "again": true });
    assert_eq!(done(&office, "/api/v1/chase/reminders", &again).await["queued"][0]["code"], OFFICE);
    assert_eq!(mail::round(&app.state, &mailer).await.unwrap(), 1);
    // The third day after: the next by itself.
    app.advance(Duration::days(2));
    assert_eq!(mail::round(&app.state, &mailer).await.unwrap(), 2);
}

async fn a_letter_is_tried_again_where_nothing_was_taken_and_given_up_where_it_never_will_be(app: &TestApp) {
    let server = MailServer::start();
    let mailer = server.mailer();
    let office = app.account(Role::Consolidator, "893").await;
    keep_contacts(&office, &[OFFICE]).await;
    server.refuse("451 lát nữa");
    assert_eq!(mail::round(&app.state, &mailer).await.unwrap(), 0);
    assert_eq!(row(&list(&office).await, OFFICE)["reminded"]["state"], "waiting");
    // Not before its time.
    assert_eq!(mail::round(&app.state, &mailer).await.unwrap(), 0);
    app.advance(Duration::minutes(2));
    assert_eq!(mail::round(&app.state, &mailer).await.unwrap(), 1);
    let again = json!({ "units": [OFFICE], "period": WEEK, "again": true });
    done(&office, "/api/v1/chase/reminders", &again).await;
    server.refuse("550 không có hộp thư này");
    assert_eq!(mail::round(&app.state, &mailer).await.unwrap(), 0);
    let reminded = row(&list(&office).await, OFFICE)["reminded"].clone();
    assert_eq!(reminded["state"], "failed");
    assert!(reminded["note"].as_str().unwrap().contains("550"), "{reminded}");
    let page = office.get("/don-doc").await;
    assert!(page.body.contains("thư lỗi"), "{page}");
    assert_eq!(server.letters().len(), 1);
}

async fn who_reports_before_the_letter_goes_out_gets_none(app: &TestApp) {
    let server = MailServer::start();
    let office = app.account(Role::Consolidator, "893").await;
    let people = app.account(Role::FocalPoint, "893").await;
    keep_contacts(&office, &[COMMITTEE]).await;
    let press = json!({ "units": [COMMITTEE], "period": WEEK });
    done(&office, "/api/v1/chase/reminders", &press).await;
    report(&people, COMMITTEE, NOW, 3).await;
    assert_eq!(mail::round(&app.state, &server.mailer()).await.unwrap(), 0);
    assert!(server.letters().is_empty());
    assert_eq!(row(&list(&office).await, COMMITTEE)["reminded"]["note"], "not_needed");
}

async fn a_letter_over_which_a_process_died_is_given_up_not_sent_twice(app: &TestApp) {
    let server = MailServer::start();
    let office = app.account(Role::Consolidator, "893").await;
    keep_contacts(&office, &[OFFICE]).await;
    done(&office, "/api/v1/chase/reminders", &json!({ "units": [OFFICE], "period": WEEK })).await;
    let now = app.state.clock.now();
    let claimed = app.store.write(move |conn| vungxanh::usecases::send_reminders::take_letters(conn, now)).await;
    assert_eq!(claimed.unwrap().len(), 1);
    app.advance(Duration::minutes(11));
    assert_eq!(mail::round(&app.state, &server.mailer()).await.unwrap(), 0);
    let office = app.account(Role::Consolidator, "893").await;
    let reminded = row(&list(&office).await, OFFICE)["reminded"].clone();
    assert_eq!((&reminded["state"], &reminded["note"]), (&json!("failed"), &json!("interrupted")));
    assert!(server.letters().is_empty());
}

/// Two processes on one database, both asked at once, both with a mail server.
fn two_processes_send_one_letter(database: &TestDatabase) {
    let mail = MailServer::start();
    let add = vungxanh(
        database,
        &["account", "add", "office", "--role", "consolidator", "--unit", "893", "--password-stdin"],
    );
    let added = run(add, &format!("{PASSWORD}\n"));
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let words: Vec<String> = ["serve".to_owned()].into_iter().chain(mail.words()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let servers = [(); 2].map(|()| Server::start(vungxanh(database, &words)));
    actix_web::rt::System::new().block_on(async {
        let mut clients = Vec::new();
        for server in &servers {
            let mut client = server.stranger();
            assert_eq!(client.sign_in("office", PASSWORD).await.status, 200);
            clients.push(client);
        }
        keep_contacts(&clients[0], &[OFFICE, FRONT]).await;
        let period: Value = list(&clients[0]).await["period"]["from"].clone();
        let press = json!({ "units": [OFFICE, FRONT], "period": period });
        let press_on = |client: usize| clients[client].post("/api/v1/chase/reminders", &press);
        let (one, other) = tokio::join!(press_on(0), press_on(1));
        assert_eq!((one.status, other.status), (202, 202), "{one} {other}");
        // Until both were sent, and then long enough for either process to send another.
        for _ in 0..120 {
            if mail.letters().len() >= 2 {
                break;
            }
            actix_web::rt::time::sleep(std::time::Duration::from_millis(250)).await;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_secs(11)).await;
    });
    let mut to: Vec<String> = mail.letters().into_iter().map(|(to, _)| to).collect();
    to.sort();
    assert_eq!(to, ["cm-m-mttq@example.vn", "cm-p-yte@example.vn"]);
    assert_eq!(database.peek("SELECT count(*) FROM job_run"), "1", "one of the two ran the job");
}

app_tests!(
    the_late_are_reminded_once_by_themselves_and_in_the_words_of_their_clause,
    a_letter_is_tried_again_where_nothing_was_taken_and_given_up_where_it_never_will_be,
    who_reports_before_the_letter_goes_out_gets_none,
    a_letter_over_which_a_process_died_is_given_up_not_sent_twice,
);
database_tests!(two_processes_send_one_letter);
