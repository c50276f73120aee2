//! Settings: one line each gives flag, variable, default, help and check. Read once, here; handed down as values.
#![expect(clippy::doc_markdown, reason = "these comments are the text of --help, shown as they are")]

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use clap::Args;

use crate::store::Address;

/// Where facts are kept.
#[derive(Debug, Clone, Args)]
pub struct Keeping {
    /// Directory for the embedded database, the signing key and the demo accounts
    #[arg(
        long,
        env = "VUNGXANH_DATA_DIR",
        hide_env_values = true,
        default_value = "vungxanh-data",
        value_name = "DIR"
    )]
    pub data_dir: PathBuf,

    /// Database: sqlite://PATH or postgres://USER@HOST/NAME [default: a file in the data directory]
    #[arg(long, env = "VUNGXANH_DATABASE", hide_env_values = true, value_name = "URL", value_parser = Address::parse)]
    pub database: Option<Address>,
}

impl Keeping {
    /// Whether there is a database already; a server is taken at its word.
    pub fn exists(&self) -> bool {
        match &self.database {
            Some(Address::Postgres(_)) => true,
            Some(Address::Sqlite(path)) => Path::new(path).exists(),
            None => self.file().exists(),
        }
    }

    fn file(&self) -> PathBuf {
        self.data_dir.join("vungxanh.db")
    }

    /// The database asked for, or a file in the data directory, which is made if it is not there.
    pub fn address(&self) -> std::io::Result<Address> {
        std::fs::create_dir_all(&self.data_dir)?;
        Ok(self.database.clone().unwrap_or_else(|| Address::Sqlite(self.file().display().to_string())))
    }
}

/// How the service is reached.
#[derive(Debug, Clone, Args)]
pub struct Serving {
    /// Address and port to listen on
    #[arg(
        long,
        env = "VUNGXANH_LISTEN",
        hide_env_values = true,
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS:PORT"
    )]
    pub listen: String,

    /// Certificate chain (PEM) to speak TLS with
    #[arg(long, env = "VUNGXANH_TLS_CERT", hide_env_values = true, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// Private key (PEM) of the certificate
    #[arg(long, env = "VUNGXANH_TLS_KEY", hide_env_values = true, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// Address of a proxy whose X-Forwarded-For and X-Forwarded-Proto are believed; may be given several times
    #[arg(long, env = "VUNGXANH_TRUSTED_PROXY", hide_env_values = true, value_name = "IP", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpAddr>,

    /// Serve plain HTTP on an address other than loopback: passwords cross the network unprotected
    #[arg(long, env = "VUNGXANH_PLAIN_HTTP", hide_env_values = true)]
    pub plain_http: bool,

    /// Threads that serve requests
    #[arg(long, env = "VUNGXANH_WORKERS", hide_env_values = true, default_value_t = 2, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub workers: u16,

    /// Secret that signs sessions, at least 32 characters; several instances share one [default: made once in the data directory]
    #[arg(long, env = "VUNGXANH_SIGNING_KEY", hide_env_values = true, value_name = "SECRET")]
    pub signing_key: Option<String>,

    /// Write the log as JSON lines
    #[arg(long, env = "VUNGXANH_LOG_JSON", hide_env_values = true)]
    pub log_json: bool,
}

/// How a mail server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum MailTls {
    /// Plain text: only to a server on this machine or in a network of its own
    None,
    /// Plain text first, TLS before anything is said; never without
    Starttls,
    /// TLS from the first byte
    Tls,
}

/// How letters are sent.
#[derive(Debug, Clone, Args)]
pub struct Mailing {
    /// Mail server that reminders are sent through [default: none, and no letters are sent]
    #[arg(long, env = "VUNGXANH_SMTP_HOST", hide_env_values = true, value_name = "HOST", requires = "mail_from")]
    pub smtp_host: Option<String>,

    /// Its port [default: 587; 465 with --smtp-tls tls; 25 with --smtp-tls none]
    #[arg(long, env = "VUNGXANH_SMTP_PORT", hide_env_values = true, value_name = "PORT")]
    pub smtp_port: Option<u16>,

    /// Whether the mail server is spoken to under TLS
    #[arg(long, env = "VUNGXANH_SMTP_TLS", hide_env_values = true, value_enum, default_value_t = MailTls::Starttls, value_name = "HOW")]
    pub smtp_tls: MailTls,

    /// Account at the mail server
    #[arg(long, env = "VUNGXANH_SMTP_USER", hide_env_values = true, value_name = "NAME", requires = "smtp_password")]
    pub smtp_user: Option<String>,

    /// Its password
    #[arg(
        long,
        env = "VUNGXANH_SMTP_PASSWORD",
        hide_env_values = true,
        value_name = "PASSWORD",
        requires = "smtp_user"
    )]
    pub smtp_password: Option<String>,

    /// Address letters come from, for example "Phòng VH&TT <vhtt@chomoi.example.vn>"
    #[arg(long, env = "VUNGXANH_MAIL_FROM", hide_env_values = true, value_name = "ADDRESS")]
    pub mail_from: Option<String>,

    /// Address of this service as people open it, for the link in letters and messages
    #[arg(long, env = "VUNGXANH_PUBLIC_URL", hide_env_values = true, value_name = "URL")]
    pub public_url: Option<String>,
}
