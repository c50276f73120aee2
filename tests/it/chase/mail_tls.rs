//! A letter over TLS, to a mail server that others wrote (aiosmtpd, Debian's `python3-aiosmtpd`).

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use actix_web::rt::{System, time::sleep};
use serde_json::{Value, json};

use super::{FRONT, OFFICE, done, keep_contacts, list, row};
use crate::harness::{
    Client, PASSWORD, TestDatabase, database_tests,
    program::{Server, run, vungxanh},
};

/// A mail server that takes letters only after STARTTLS and keeps them in a folder; killed when this value is gone.
struct TlsMailServer {
    child: Child,
    port: u16,
    folder: PathBuf,
    /// Who signed its certificate: itself.
    certificate: PathBuf,
}

impl TlsMailServer {
    fn start(folder: &Path) -> Self {
        let (certificate, key, letters) = (folder.join("mail.pem"), folder.join("mail.key"), folder.join("letters"));
        let made = Command::new("openssl")
            .args("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=mail".split(' '))
            .args(["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"])
            .arg("-out")
            .arg(&certificate)
            .arg("-keyout")
            .arg(&key)
            .output();
        assert!(made.unwrap().status.success(), "openssl makes a certificate");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // Debian's own Python, whatever stands before it in PATH: the package is installed for that one.
        let child = Command::new("/usr/bin/python3")
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}"), "--tlscert"])
            .arg(&certificate)
            .arg("--tlskey")
            .arg(&key)
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(&letters)
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let server = Self { child, port, folder: letters, certificate };
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return server;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("aiosmtpd does not answer: install python3-aiosmtpd, as tests/run does");
    }

    fn letters(&self) -> Vec<String> {
        let new = fs::read_dir(self.folder.join("new")).into_iter().flatten();
        new.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
    }
}

impl Drop for TlsMailServer {
    fn drop(&mut self) {
        // It may be gone already.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// Whether something becomes so within half a minute.
async fn soon(is_so: impl AsyncFn() -> bool) -> bool {
    for _ in 0..120 {
        if is_so().await {
            return true;
        }
        sleep(Duration::from_millis(250)).await;
    }
    false
}

async fn remind(client: &mut Client, unit: &str) {
    assert_eq!(client.sign_in("office", PASSWORD).await.status, 200);
    keep_contacts(client, &[unit]).await;
    let period: Value = list(client).await["period"]["from"].clone();
    done(client, "/api/v1/chase/reminders", &json!({ "units": [unit], "period": period })).await;
}

fn a_letter_travels_only_to_a_mail_server_whose_certificate_is_trusted(database: &TestDatabase) {
    let mail = TlsMailServer::start(database.folder.path());
    let words = ["account", "add", "office", "--role", "consolidator", "--unit", "893", "--password-stdin"];
    let added = run(vungxanh(database, &words), &format!("{PASSWORD}\n"));
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let port = mail.port.to_string();
    let words = ["serve", "--smtp-host", "127.0.0.1", "--smtp-port", &port, "--smtp-tls", "starttls"];
    let words = [words.as_slice(), &["--mail-from", "vhtt@example.vn"]].concat();
    let stranger = Server::start(vungxanh(database, &words));
    System::new().block_on(async {
        let mut client = stranger.stranger();
        remind(&mut client, OFFICE).await;
        let is_refused = async || {
            let reminded = row(&list(&client).await, OFFICE)["reminded"].clone();
            reminded["note"].as_str().is_some_and(|note| note.contains("certificate"))
        };
        assert!(soon(is_refused).await, "{}", row(&list(&client).await, OFFICE));
    });
    drop(stranger);
    assert_eq!(mail.letters(), [""; 0]);
    let mut command = vungxanh(database, &words);
    command.env("SSL_CERT_FILE", &mail.certificate);
    let trusting = Server::start(command);
    System::new().block_on(async {
        remind(&mut trusting.stranger(), FRONT).await;
        assert!(soon(async || !mail.letters().is_empty()).await, "no letter came");
    });
    let letters = mail.letters();
    assert_eq!(letters.len(), 1);
    assert!(letters[0].contains("To: cm-m-mttq@example.vn"), "{letters:?}");
}

database_tests!(a_letter_travels_only_to_a_mail_server_whose_certificate_is_trusted);
