//! Letters: their words, and the mail server that takes them.

use std::{sync::Arc, time::Duration};

use actix_web::web::{self, Data};
use lettre::{
    Message, SmtpTransport, Transport as _,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};

use super::{State, pages::period_name, problem::Problem, words::Lang};
use crate::{
    config::{MailTls, Mailing},
    domain::{calendar::Instant, chase, chase::ReminderKind, plan::Directive},
    usecases::send_reminders::{Carried, Letter, conclude, run_if_due, take_letters},
};

/// How long the mail server may take over one answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail server, and who writes.
#[derive(Clone)]
pub struct Mailer {
    transport: Arc<SmtpTransport>,
    from: Mailbox,
    public_url: String,
}

impl Mailer {
    /// The mail server that is set, if one is; an error is for who set it.
    pub fn new(mailing: &Mailing) -> Result<Option<Self>, String> {
        let (Some(host), Some(from)) = (&mailing.smtp_host, &mailing.mail_from) else { return Ok(None) };
        let from = from.parse().map_err(|e| format!("--mail-from {from}: {e}"))?;
        let parameters = || TlsParameters::new(host.clone()).map_err(|e| format!("--smtp-host {host}: {e}"));
        let (tls, port) = match mailing.smtp_tls {
            MailTls::None => (Tls::None, 25),
            MailTls::Starttls => (Tls::Required(parameters()?), 587),
            MailTls::Tls => (Tls::Wrapper(parameters()?), 465),
        };
        let mut builder = SmtpTransport::builder_dangerous(host.clone())
            .tls(tls)
            .port(mailing.smtp_port.unwrap_or(port))
            .timeout(Some(PATIENCE));
        if let (Some(user), Some(password)) = (&mailing.smtp_user, &mailing.smtp_password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        let public_url = mailing.public_url.clone().unwrap_or_default();
        Ok(Some(Self { transport: Arc::new(builder.build()), from, public_url }))
    }

    /// Where people open the service; blank where nobody said.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// Carries one letter; waits for the server.
    fn carry(&self, letter: &Letter, now: Instant) -> Carried {
        let message = match self.write(letter, now) {
            Ok(message) => message,
            Err(error) => return Carried::Lost(error),
        };
        // While no connection is made nothing is sent: that may be tried again.
        match self.transport.test_connection() {
            Ok(true) => {}
            Ok(false) => return Carried::Refused("the mail server does not answer".to_owned()),
            Err(error) => return Carried::Refused(error.to_string()),
        }
        match self.transport.send(&message) {
            Ok(_) => Carried::Taken,
            Err(error) if error.is_transient() => Carried::Refused(error.to_string()),
            Err(error) => Carried::Lost(error.to_string()),
        }
    }

    fn write(&self, letter: &Letter, now: Instant) -> Result<Message, String> {
        let to: Mailbox = letter.to.parse().map_err(|e| format!("{}: {e}", letter.to))?;
        // The same letter has the same number, however often it is tried.
        let id = format!("<nhac-{}@{}>", letter.id, self.from.email.domain());
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .message_id(Some(id))
            .date(now.into())
            .header(ContentType::TEXT_PLAIN)
            .subject(subject(letter))
            .body(body(letter, &self.public_url))
            .map_err(|e| e.to_string())?;
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(automatic, "auto-generated".to_owned()));
        Ok(message)
    }
}

/// The subject of a letter.
pub fn subject(letter: &Letter) -> String {
    let period = period_name(Lang::Vi, &letter.period);
    Lang::Vi.tr(&format!("mail.subject.{}", letter.directive), &[("period", &period), ("plan", &letter.plan)])
}

/// A letter in words: ordered bodies are told, requested ones are asked (requirements A-11). It names no person.
pub fn body(letter: &Letter, public_url: &str) -> String {
    let lang = Lang::Vi;
    let (period, due) = (period_name(lang, &letter.period), lang.moment(letter.due));
    let values = [("unit", letter.unit.name.as_str()), ("period", &period), ("due", &due), ("plan", &letter.plan)];
    let mut lines = vec![lang.tr("mail.to", &values), String::new()];
    let asks = if letter.directive == Directive::Request { "request" } else { "order" };
    let key = match (letter.overdue_since, letter.kind) {
        (Some(_), _) | (None, ReminderKind::After) => format!("mail.overdue.{asks}"),
        _ => format!("mail.coming.{asks}"),
    };
    lines.push(lang.tr(&key, &values));
    if let Some(since) = letter.overdue_since.filter(|since| *since < letter.due) {
        lines.push(lang.tr("mail.since", &[("since", &lang.moment(since))]));
    }
    lines.push(lang.t(&format!("mail.state.{}", if letter.state.is_silent() { "silent" } else { "partial" })));
    if !public_url.is_empty() {
        lines.push(lang.tr("mail.where", &[("url", &format!("{}/nhap-lieu", public_url.trim_end_matches('/')))]));
    }
    lines.extend([String::new(), lang.t("mail.end")]);
    lines.join("\n")
}

/// One round: the reminders that go out by themselves if it is their time, then the letters that wait. Returns how many
/// letters the mail server took.
pub async fn round(state: &Data<State>, mailer: &Mailer) -> Result<usize, Problem> {
    let now = state.clock.now();
    if let Some(run) = state.store.write(move |conn| run_if_due(conn, now)).await? {
        tracing::info!(due_at = %run.due_at, made_up = run.is_made_up, queued = run.queued, "reminders were made");
    }
    let mut taken = 0;
    loop {
        let letters = state.store.write(move |conn| take_letters(conn, now)).await?;
        if letters.is_empty() {
            return Ok(taken);
        }
        for letter in letters {
            let (server, sending) = (mailer.clone(), letter.clone());
            let carried = web::block(move || server.carry(&sending, now)).await;
            let carried = carried.unwrap_or_else(|e| Carried::Lost(e.to_string()));
            if carried == Carried::Taken {
                taken += 1;
            } else {
                tracing::warn!(letter = letter.id, attempts = letter.attempts, of = chase::ATTEMPTS, "{carried:?}");
            }
            let at = state.clock.now();
            state.store.write(move |conn| conclude(conn, &letter, &carried, at)).await?;
        }
    }
}
