//! What stands around every page: name, menu of the role, language, user, footer (ui.md §4.0).

use super::{assets, links, words::Lang};
use crate::domain::actor::{Actor, Role};

/// The frame of a page.
#[derive(Debug, Clone)]
pub struct Shell {
    /// Its language.
    pub lang: Lang,
    /// The version of styles and scripts.
    pub assets: &'static str,
    /// Content of `<title>`.
    pub title: String,
    /// The place the plan speaks of: "Huyện Chợ Mới".
    pub place: String,
    /// Path and query of the page.
    pub address: String,
    /// Who is signed in.
    pub user: Option<String>,
    /// Where the role can go, in order.
    pub menu: Vec<MenuItem>,
    /// Whether made-up figures are shown.
    pub is_illustrative: bool,
    /// Whether the page refreshes itself.
    pub is_live: bool,
}

/// A link of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuItem {
    /// Its address.
    pub href: &'static str,
    /// Its words.
    pub label: String,
    /// Whether it is the page shown, or leads to it.
    pub is_here: bool,
}

/// Address and locale key of every menu entry.
const OVERVIEW: (&str, &str) = ("/", "nav.overview");
const LEAGUE: (&str, &str) = ("/don-vi", "nav.league");
const ZONES: (&str, &str) = ("/vung", "nav.zones");
const TRACING: (&str, &str) = ("/truy-vet", "nav.tracing");
const TREND: (&str, &str) = ("/dien-bien", "nav.trend");
const ENTRY: (&str, &str) = ("/nhap-lieu", "nav.entry");
const CONSOLIDATED: (&str, &str) = ("/bao-cao", "nav.consolidated_short");
const DIFFICULTIES: (&str, &str) = ("/kho-khan", "nav.difficulties_short");
const UPLOAD: (&str, &str) = ("/tai-len", "nav.upload");
const CHASE: (&str, &str) = ("/don-doc", "nav.chase");
const COMPLETENESS: (&str, &str) = ("/day-du", "nav.completeness");
const AUDIT: (&str, &str) = ("/nhat-ky", "nav.audit");

/// Pages that have no entry of their own, and the entry that leads to them.
const WITHIN: [(&str, &str); 6] = [
    ("/tong-quan", OVERVIEW.0),
    ("/xa", LEAGUE.0),
    ("/lich-su", LEAGUE.0),
    ("/lich-bao-cao", CHASE.0),
    ("/duyet", CHASE.0),
    ("/van-ban", DIFFICULTIES.0),
];

/// What a role finds in its menu; its start page first.
fn entries(role: Role) -> &'static [(&'static str, &'static str)] {
    match role {
        Role::Committee => &[OVERVIEW, LEAGUE, ZONES, TREND, CONSOLIDATED, COMPLETENESS, DIFFICULTIES, TRACING, AUDIT],
        Role::Consolidator => {
            &[CHASE, OVERVIEW, CONSOLIDATED, LEAGUE, ZONES, DIFFICULTIES, UPLOAD, COMPLETENESS, TREND, TRACING, AUDIT]
        }
        Role::FocalPoint => &[ENTRY, UPLOAD, OVERVIEW, LEAGUE, TREND, DIFFICULTIES],
        Role::HealthStaff => &[ZONES, UPLOAD, TRACING, OVERVIEW, TREND],
        Role::Administrator => &[AUDIT, OVERVIEW],
    }
}

/// Where a role begins after signing in.
pub fn start_page(role: Option<Role>) -> &'static str {
    role.and_then(|role| entries(role).first()).map_or("/", |(href, _)| href)
}

impl Shell {
    /// The frame of a page that needs nobody signed in.
    pub fn outside(lang: Lang, place: &str, address: &str, heading: &str) -> Self {
        let mut shell = Self {
            lang,
            assets: assets::version(),
            title: String::new(),
            place: place.to_owned(),
            address: address.to_owned(),
            user: None,
            menu: Vec::new(),
            is_illustrative: false,
            is_live: false,
        };
        shell.entitle(heading);
        shell
    }

    /// The frame of a page for `actor`.
    pub fn inside(lang: Lang, place: &str, address: &str, heading: &str, actor: &Actor) -> Self {
        let path = address.split('?').next().unwrap_or(address);
        let is_at = |page: &str| {
            path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || page != "/" && rest.starts_with('/'))
        };
        let within = WITHIN.iter().find(|(page, _)| is_at(page)).map(|(_, entry)| *entry);
        let mut menu: Vec<MenuItem> = Vec::new();
        for (href, key) in actor.grants.iter().flat_map(|grant| entries(grant.role)) {
            if menu.iter().all(|item| item.href != *href) {
                menu.push(MenuItem { href, label: lang.t(key), is_here: within.map_or(is_at(href), |at| at == *href) });
            }
        }
        Self { menu, user: Some(actor.display_name.clone()), ..Self::outside(lang, place, address, heading) }
    }

    /// Sets the title from the page's heading.
    fn entitle(&mut self, heading: &str) {
        let name = self.lang.t("app.name");
        let place = if heading.ends_with(&self.place) { "" } else { &self.place };
        let parts = [heading, place, name.as_str()];
        self.title = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" – ");
    }

    /// Says in the title that something is to be corrected.
    #[must_use]
    pub fn with_errors(mut self) -> Self {
        self.title = format!("{} {}", self.lang.t("err.prefix"), self.title);
        self
    }

    /// Says on the page that its figures are made up.
    #[must_use]
    pub fn illustrative(mut self, is_illustrative: bool) -> Self {
        self.is_illustrative = is_illustrative;
        self
    }

    /// Makes the page refresh itself.
    #[must_use]
    pub fn live(mut self) -> Self {
        self.is_live = true;
        self
    }

    /// The text of a key in the page's language.
    pub fn t(&self, key: &str) -> String {
        self.lang.t(key)
    }

    /// The release of the service.
    pub fn release(&self) -> String {
        self.lang.tr("foot.version", &[("version", env!("CARGO_PKG_VERSION"))])
    }

    /// The address that switches to the language `code` and comes back.
    pub fn in_language(&self, code: &str) -> String {
        links::with_query(&format!("/ngon-ngu/{code}"), &[("tiep", &self.address)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{actor::Grant, unit::UnitId};

    #[test]
    fn every_page_marks_the_entry_that_leads_to_it_and_no_other() {
        let grants = vec![Grant { role: Role::Consolidator, unit: UnitId(1) }];
        let actor = Actor { account_id: 1, username: String::new(), display_name: String::new(), grants };
        for (address, entry) in [
            ("/", OVERVIEW),
            ("/tong-quan?ngay=1", OVERVIEW),
            ("/don-vi/30634", LEAGUE),
            ("/xa/30634", LEAGUE),
            ("/lich-su/30634/residents/population", LEAGUE),
            ("/vung/dot?don-vi=94", ZONES),
            ("/truy-vet/lich-su/30634/2021-08-16", TRACING),
            ("/van-ban", DIFFICULTIES),
            ("/duyet?bao-cao=1", CHASE),
            ("/lich-bao-cao", CHASE),
        ] {
            let shell = Shell::inside(Lang::Vi, "", address, "", &actor);
            let here: Vec<&str> = shell.menu.iter().filter(|item| item.is_here).map(|item| item.href).collect();
            assert_eq!(here, [entry.0], "{address}");
        }
    }
}
