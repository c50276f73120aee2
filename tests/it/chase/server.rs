//! A mail server of our own: takes letters, or refuses them as it was told.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use vungxanh::{
    config::{MailTls, Mailing},
    web::mail::Mailer,
};

/// Letters taken: to whom, and the whole text with its headers.
type Letters = Arc<Mutex<Vec<(String, String)>>>;

pub struct MailServer {
    pub port: u16,
    letters: Letters,
    /// What the next letters are answered, before all others are taken.
    refusals: Arc<Mutex<Vec<&'static str>>>,
}

impl MailServer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, letters: Letters::default(), refusals: Arc::default() };
        let (letters, refusals) = (server.letters.clone(), server.refusals.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (letters, refusals) = (letters.clone(), refusals.clone());
                std::thread::spawn(move || talk(stream.unwrap(), &letters, &refusals));
            }
        });
        server
    }

    /// Has the next letter answered so.
    pub fn refuse(&self, answer: &'static str) {
        self.refusals.lock().unwrap().push(answer);
    }

    /// Letters taken so far, in order.
    pub fn letters(&self) -> Vec<(String, String)> {
        self.letters.lock().unwrap().clone()
    }

    /// The words of the program that lead to this server.
    pub fn words(&self) -> [String; 8] {
        let words =
            ["--smtp-host", "127.0.0.1", "--smtp-port", "", "--smtp-tls", "none", "--mail-from", "vhtt@example.vn"];
        words.map(|word| if word.is_empty() { self.port.to_string() } else { word.to_owned() })
    }

    pub fn mailer(&self) -> Mailer {
        let mailing = Mailing {
            smtp_host: Some("127.0.0.1".to_owned()),
            smtp_port: Some(self.port),
            smtp_tls: MailTls::None,
            smtp_user: None,
            smtp_password: None,
            mail_from: Some("Phòng VH&TT <vhtt@example.vn>".to_owned()),
            public_url: Some("https://vungxanh.example.vn/".to_owned()),
        };
        Mailer::new(&mailing).unwrap().unwrap()
    }
}

fn talk(stream: TcpStream, letters: &Letters, refusals: &Mutex<Vec<&'static str>>) {
    let mut out = stream.try_clone().unwrap();
    let mut lines = BufReader::new(stream);
    let mut say = |answer: &str| out.write_all(format!("{answer}\r\n").as_bytes()).is_ok();
    let mut to = String::new();
    say("220 thử");
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let verb = line.trim_end().to_uppercase();
        let goes_on = match verb.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" | "HELO" => say("250 thử"),
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                say("250 ok")
            }
            "DATA" => {
                say("354 đọc");
                let mut text = String::new();
                loop {
                    let mut part = String::new();
                    if lines.read_line(&mut part).unwrap_or(0) == 0 {
                        return;
                    }
                    if part == ".\r\n" {
                        break;
                    }
                    text.push_str(&part);
                }
                let refused = refusals.lock().unwrap().pop();
                if refused.is_none() {
                    letters.lock().unwrap().push((to.clone(), text));
                }
                say(refused.unwrap_or("250 nhận"))
            }
            "QUIT" => {
                say("221 chào");
                return;
            }
            _ => say("250 ok"),
        };
        if !goes_on {
            return;
        }
    }
}
