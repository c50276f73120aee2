//! An HTTP/1.1 client small enough not to take the server's processor time.

use std::{
    fmt::Write as _,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use crate::Outcome;

/// One connection kept open.
pub struct Client {
    stream: TcpStream,
    request: String,
    answer: Vec<u8>,
}

impl Client {
    /// Connects.
    pub fn connect(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { stream, request: String::new(), answer: vec![0; 64 * 1024] })
    }

    /// Posts JSON: the status and the answer's body.
    pub fn post(&mut self, path: &str, token: Option<&str>, body: &str) -> Outcome<(u16, String)> {
        self.send("POST", path, token, body)
    }

    /// Gets.
    pub fn get(&mut self, path: &str, token: Option<&str>) -> Outcome<(u16, String)> {
        self.send("GET", path, token, "")
    }

    fn send(&mut self, method: &str, path: &str, token: Option<&str>, body: &str) -> Outcome<(u16, String)> {
        self.request.clear();
        write!(self.request, "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n", body.len())?;
        if !body.is_empty() {
            self.request.push_str("Content-Type: application/json\r\n");
        }
        if let Some(token) = token {
            write!(self.request, "Authorization: Bearer {token}\r\n")?;
        }
        write!(self.request, "\r\n{body}")?;
        self.stream.write_all(self.request.as_bytes())?;
        self.receive()
    }

    fn receive(&mut self) -> Outcome<(u16, String)> {
        let mut filled = 0;
        let (head, status, length) = loop {
            filled += self.read_more(filled)?;
            let Some(end) = self.answer[..filled].windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&self.answer[..end])?;
            let status = head.get(9..12).ok_or("no status line")?.parse::<u16>()?;
            let field = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>())
            });
            break (end + 4, status, field);
        };
        let Some(length) = length.transpose()? else {
            return Ok((status, self.receive_chunks(head, filled)?));
        };
        while filled < head + length {
            filled += self.read_more(filled)?;
        }
        Ok((status, String::from_utf8_lossy(&self.answer[head..head + length]).into_owned()))
    }

    /// A body of unknown length: read to its last chunk, and kept as it came.
    fn receive_chunks(&mut self, head: usize, mut filled: usize) -> Outcome<String> {
        while !self.answer[head..filled].ends_with(b"0\r\n\r\n") {
            filled += self.read_more(filled)?;
        }
        Ok(String::from_utf8_lossy(&self.answer[head..filled]).into_owned())
    }

    fn read_more(&mut self, filled: usize) -> Outcome<usize> {
        if filled == self.answer.len() {
            self.answer.resize(filled * 2, 0);
        }
        match self.stream.read(&mut self.answer[filled..])? {
            0 => Err("the server closed the connection".into()),
            read => Ok(read),
        }
    }
}
