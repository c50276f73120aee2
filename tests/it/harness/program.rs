//! The program itself, as a process.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Output, Stdio},
};

use super::{Client, TestDatabase, app::http};

/// The program on a test's database, with the test's folder as its data directory.
pub fn vungxanh(database: &TestDatabase, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vungxanh"));
    command.args(words).args(["--database", &database.url()]).arg("--data-dir").arg(database.folder.path());
    command
}

/// Runs a command to its end, with `input` on its standard input.
pub fn run(mut command: Command, input: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that reads nothing may be gone before it is written to.
    let _gone = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// A server that is killed when this value is gone.
pub struct Server {
    pub child: Child,
    /// `http://127.0.0.1:…`
    pub address: String,
}

impl Server {
    /// Starts it on a free port and waits until it says where it listens.
    pub fn start(mut command: Command) -> Self {
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "the server ended before it listened");
            if let Some(at) = line.find("http://") {
                break line[at..].split('/').take(3).collect::<Vec<_>>().join("/");
            }
        };
        // What it says later must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self { child, address }
    }

    /// Sends a signal: `KILL`, `TERM`.
    pub fn signal(&self, name: &str) {
        // Every shell has it built in; a program of that name is not everywhere.
        let sent = Command::new("sh").args(["-c", &format!("kill -s {name} {}", self.child.id())]).status().unwrap();
        assert!(sent.success());
    }

    /// Someone who is not signed in.
    pub fn stranger(&self) -> Client {
        Client { address: self.address.clone(), http: http(), username: String::new(), token: None, refresh: None }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed by the test already.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}
