//! What stands around an official report: whose it is, to whom it goes, who signs (Nghị định 30/2020/NĐ-CP, Điều 8).

use serde::{Deserialize, Serialize};

use super::{
    report::{Fault, Rule},
    text,
};

/// Letterhead, recipients and signers of a place's official reports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// The body above: "UBND huyện Chợ Mới".
    pub superior: String,
    /// The body that issues it: "Phòng Văn hóa và Thông tin".
    pub office: String,
    /// What follows the number, which is left empty: "BC-VHTT".
    pub symbol: String,
    /// The place beside the date: "Chợ Mới".
    pub place: String,
    /// Kính gửi: "Ủy ban nhân dân huyện Chợ Mới".
    pub addressee: String,
    /// What it is about (trích yếu), the period left out.
    pub subject: String,
    /// Nơi nhận, a line each, without the dash.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// Who keeps it: "VT, VHTT".
    #[serde(default)]
    pub archive: String,
    /// Those who may sign it.
    #[serde(default)]
    pub signers: Vec<Signer>,
}

/// Somebody who may sign: the name is the office's, the signature is left empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signer {
    /// For whom: "KT. Trưởng phòng"; empty for the head of the office.
    #[serde(default)]
    pub authority: String,
    /// As what: "Phó Trưởng phòng".
    pub position: String,
    /// Name; may be empty.
    #[serde(default)]
    pub name: String,
}

/// The longest line, in characters, and the most lines of a list.
const LONGEST: usize = 300;
const MOST: usize = 40;

impl Letter {
    /// The letter with its text cleaned and blank lines gone.
    #[must_use]
    pub fn cleaned(self) -> Self {
        let lines = |lines: Vec<String>| -> Vec<String> {
            lines.iter().map(|line| text::clean(line)).filter(|line| !line.is_empty()).collect()
        };
        Self {
            superior: text::clean(&self.superior),
            office: text::clean(&self.office),
            symbol: text::clean(&self.symbol),
            place: text::clean(&self.place),
            addressee: text::clean(&self.addressee),
            subject: text::clean(&self.subject),
            recipients: lines(self.recipients),
            archive: text::clean(&self.archive),
            signers: self
                .signers
                .into_iter()
                .map(Signer::cleaned)
                .filter(|signer| !signer.position.is_empty())
                .collect(),
        }
    }

    /// Everything that is missing or too long.
    pub fn faults(&self) -> Vec<Fault> {
        let required = [
            ("office", &self.office),
            ("symbol", &self.symbol),
            ("letter_place", &self.place),
            ("addressee", &self.addressee),
            ("subject", &self.subject),
        ];
        let missing = required.iter().filter(|(_, text)| text.is_empty());
        let mut faults: Vec<Fault> =
            missing.map(|(field, _)| Fault::of_report(field, Rule::Required, "", None)).collect();
        if self.signers.is_empty() {
            faults.push(Fault::of_report("signers", Rule::Required, "", None));
        }
        let signers = self.signers.iter().flat_map(|signer| [&signer.authority, &signer.position, &signer.name]);
        let lines = required.iter().map(|(field, text)| (*field, *text));
        let lines = lines.chain([("superior", &self.superior), ("archive", &self.archive)]);
        let lines = lines.chain(self.recipients.iter().map(|line| ("recipients", line)));
        for (field, line) in lines.chain(signers.map(|line| ("signers", line))) {
            if line.chars().count() > LONGEST {
                faults.push(Fault::of_report(field, Rule::TooLong, "", Some(LONGEST.to_string())));
            }
        }
        for (field, lines) in [("recipients", self.recipients.len()), ("signers", self.signers.len())] {
            if lines > MOST {
                faults.push(Fault::of_report(field, Rule::TooMany, lines.to_string(), Some(MOST.to_string())));
            }
        }
        faults
    }
}

impl Signer {
    fn cleaned(self) -> Self {
        Self {
            authority: text::clean(&self.authority),
            position: text::clean(&self.position),
            name: text::clean(&self.name),
        }
    }

    /// The signer as one line: "KT. Trưởng phòng | Phó Trưởng phòng | Nguyễn Văn A".
    pub fn line(&self) -> String {
        if self.authority.is_empty() && self.name.is_empty() {
            return self.position.clone();
        }
        let parts = [&self.authority, &self.position, &self.name];
        parts.map(String::as_str).join(" | ").trim_end_matches([' ', '|']).to_owned()
    }

    /// The same to read: "KT. Trưởng phòng – Phó Trưởng phòng".
    pub fn said(&self) -> String {
        let parts = [&self.authority, &self.position, &self.name].map(String::as_str);
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" – ")
    }

    /// Reads such a line; one part alone is the position.
    ///
    /// ```
    /// use vungxanh::domain::letter::Signer;
    /// let signer = Signer::of_line("KT. Trưởng phòng | Phó Trưởng phòng");
    /// assert_eq!(Signer::of_line(&signer.line()), signer);
    /// assert_eq!(Signer::of_line("Trưởng phòng").position, "Trưởng phòng");
    /// ```
    pub fn of_line(line: &str) -> Self {
        let parts: Vec<String> = line.split('|').map(text::clean).collect();
        let part = |i: usize| parts.get(i).cloned().unwrap_or_default();
        if parts.len() == 1 {
            return Self { position: part(0), ..Self::default() };
        }
        Self { authority: part(0), position: part(1), name: part(2) }
    }
}
