//! What a column holds, told from its heading: the many ways offices name the same few things.

use crate::domain::{coded, text::search_key, unit::UnitKind};

coded! {
    /// A count of a row, by the name it has in reports of an import.
    pub enum Count {
        /// Everyone of the unit: staff or population.
        Total = "total",
        /// Those who use a smartphone.
        Smartphone = "smartphone",
        /// Those who installed Bluezone.
        Bluezone = "bluezone",
        /// Those who installed NCOVI.
        Ncovi = "ncovi",
        /// Those who declared their health.
        Declared = "declared",
        /// Those who declared on tokhaiyte.vn, where a file tells them from the others.
        Tokhaiyte = "tokhaiyte",
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Running number.
    Ordinal,
    /// Official code of the unit.
    Code,
    /// Name of the unit.
    Name,
    /// Name of the district the unit lies in.
    District,
    /// Name of the province the unit lies in.
    Province,
    /// The day the figures are true at, or a level takes effect.
    Date,
    /// A count.
    Count(Count),
    /// A share of such a count in its base: never imported, recomputed.
    Percent(Count),
    /// A zone level or colour.
    Zone,
    /// Remarks.
    Note,
    /// A telephone or identity number: nothing such a system may take.
    Personal,
}

/// Words that make a heading speak of something else than the count it names: a part of it, its opposite, a plan.
const OTHER_THAN_THE_COUNT: [&str; 24] = [
    "chua",
    "khong",
    "con lai",
    "con thieu",
    "tang",
    "giam",
    "so sanh",
    "chenh lech",
    "ke hoach",
    "chi tieu",
    "phan dau",
    "ky truoc",
    "tuan truoc",
    "thang truoc",
    "ngay truoc",
    "trong tuan",
    "trong ngay",
    "trong ky",
    "trong thang",
    "phat sinh",
    "moi cai",
    "so ho",
    "ho gia dinh",
    "nu",
];

const ORDINALS: [&str; 8] = ["stt", "tt", "so tt", "s tt", "so thu tu", "thu tu", "no", "id"];
const PERCENTS: [&str; 5] = ["ty le", "ti le", "phan tram", "ty trong", "percent"];
const NOTES: [&str; 7] = ["ghi chu", "chu thich", "nhan xet", "y kien", "ly do", "note", "notes"];
const PERSONAL: [&str; 16] = [
    "so dien thoai",
    "dien thoai lien he",
    "dien thoai di dong",
    "sdt",
    "cmnd",
    "cccd",
    "can cuoc",
    "chung minh nhan dan",
    "ngay sinh",
    "ho va ten",
    "ho ten nguoi",
    "can bo dau moi",
    "nguoi dau moi",
    "dau moi ho ten",
    "dau moi lien he",
    "nguoi phu trach",
];
const BLUEZONE: [&str; 5] = ["bluezone", "blue zone", "bluzone", "bluezon", "bz"];
const DECLARED: [&str; 7] = ["khai bao", "to khai", "khai y te", "kbyt", "tokhaiyte", "khai bao y te", "declared"];
const TOKHAIYTE: [&str; 3] = ["tokhaiyte", "to khai y te", "to khai yte"];
const NCOVI: [&str; 3] = ["ncovi", "n covi", "ncov"];
const SMARTPHONE: [&str; 9] = [
    "smartphone",
    "smartphones",
    "smart phone",
    "dien thoai thong minh",
    "dttm",
    "dt thong minh",
    "dtdd thong minh",
    "sdt thong minh",
    "smartphone users",
];
const ZONES: [&str; 9] =
    ["cap do", "cap dich", "nguy co", "phan vung", "phan loai", "vung", "mau", "muc do dich", "zone"];
const TOTALS: [&str; 27] = [
    "dan so",
    "quan so",
    "nhan khau",
    "so dan",
    "si so",
    "bien che",
    "headcount",
    "population",
    "tong so",
    "tong cbcc",
    "tong cbccvc",
    "tong nhan su",
    "tong cong",
    "tong so nguoi",
    "so cbcc",
    "cbccvc",
    "cbcc",
    "cb ccvc",
    "can bo",
    "nguoi lao dong",
    "so nguoi dan",
    "nguoi dan",
    "so nguoi",
    "so luong nguoi",
    "tong",
    "total",
    "so luong",
];
const PROVINCES: [&str; 5] = ["tinh", "ten tinh", "tinh thanh pho", "tinh tp", "province"];
const DISTRICTS: [&str; 4] = ["huyen", "quan", "district", "thuoc huyen"];
const COMMUNES: [&str; 10] =
    ["xa", "phuong", "thi tran", "ap", "khom", "thon", "to dan pho", "xp tt", "commune", "khu pho"];
const PLACES: [&str; 16] = [
    "don vi",
    "ten don vi",
    "co quan",
    "dia phuong",
    "dia ban",
    "dia danh",
    "dia diem",
    "noi bao cao",
    "phong ban",
    "ban nganh",
    "phong",
    "ten",
    "ho ten don vi",
    "unit",
    "unit name",
    "name",
];

/// The longest heading of a column, in characters; longer text is a title.
const LONGEST: usize = 120;

/// Whether `key` holds `words` as whole words.
fn says(key: &str, words: &str) -> bool {
    key.match_indices(words).any(|(at, found)| {
        let before = key.get(..at).is_none_or(|head| head.is_empty() || head.ends_with(' '));
        let after = key.get(at + found.len()..).is_none_or(|tail| tail.is_empty() || tail.starts_with(' '));
        before && after
    })
}

fn says_any(key: &str, list: &[&str]) -> bool {
    list.iter().any(|words| says(key, words))
}

/// What stands under a heading, or nothing that is known.
pub fn column_of(heading: &str) -> Option<Column> {
    if heading.chars().count() > LONGEST {
        return None;
    }
    let key = search_key(heading);
    if ORDINALS.contains(&key.as_str()) {
        return Some(Column::Ordinal);
    }
    if key.is_empty() {
        return (heading.trim() == "%").then_some(Column::Percent(Count::Bluezone));
    }
    if heading.contains('%') || says_any(&key, &PERCENTS) {
        return Some(Column::Percent(counted(&without_base(heading)).unwrap_or(Count::Bluezone)));
    }
    if says_any(&key, &SMARTPHONE) || !says_any(&key, &PERSONAL) {
        return known(&key);
    }
    Some(Column::Personal)
}

/// A heading of shares without what they are shares of: "Tỷ lệ/smartphone", "% trên số người dùng smartphone".
fn without_base(heading: &str) -> String {
    let key = search_key(heading.split('/').next().unwrap_or_default());
    let end = [" tren ", " so voi "].iter().filter_map(|words| key.find(words)).min();
    end.and_then(|end| key.get(..end)).map_or_else(|| key.clone(), str::to_owned)
}

fn known(key: &str) -> Option<Column> {
    if says_any(key, &NOTES) {
        return Some(Column::Note);
    }
    if let Some(count) = counted(key) {
        return (!says_any(key, &OTHER_THAN_THE_COUNT)).then_some(Column::Count(count));
    }
    if is_date(key) {
        return Some(Column::Date);
    }
    if says(key, "ma") && key.starts_with("ma") || ["code", "unit code"].contains(&key) {
        // The code of the district beside each commune is of no use: its own says more.
        return (!says_any(key, &["huyen", "tinh", "quan"]) || says_any(key, &["xa", "phuong"]))
            .then_some(Column::Code);
    }
    place(key).or_else(|| {
        let is_total = says_any(key, &TOTALS) && !says_any(key, &OTHER_THAN_THE_COUNT);
        if says_any(key, &ZONES) { Some(Column::Zone) } else { is_total.then_some(Column::Count(Count::Total)) }
    })
}

/// The count a heading names, the narrowest first: "người dùng smartphone đã cài Bluezone" counts Bluezone.
fn counted(key: &str) -> Option<Count> {
    if says_any(key, &BLUEZONE) {
        Some(Count::Bluezone)
    } else if says_any(key, &TOKHAIYTE) && !says_any(key, &NCOVI) {
        Some(Count::Tokhaiyte)
    } else if says_any(key, &DECLARED) {
        Some(Count::Declared)
    } else if says_any(key, &NCOVI) {
        Some(Count::Ncovi)
    } else if says_any(key, &SMARTPHONE) {
        Some(Count::Smartphone)
    } else {
        None
    }
}

fn is_date(key: &str) -> bool {
    key == "ngay"
        || key.starts_with("ngay ")
        || says_any(
            key,
            &["den ngay", "tu ngay", "thoi diem", "thoi gian", "ngay bao cao", "as of", "date", "hieu luc"],
        )
}

fn place(key: &str) -> Option<Column> {
    if says(key, "don vi tinh") {
        return None;
    }
    let names_commune = says_any(&key.replace("thi xa", "tx"), &COMMUNES);
    if !names_commune
        && (DISTRICTS.contains(&key) || starts_with_word(key, &["huyen", "ten huyen", "quan huyen", "ten quan"]))
    {
        return Some(Column::District);
    }
    if !names_commune && PROVINCES.contains(&key) {
        return Some(Column::Province);
    }
    let is_place = names_commune || says_any(key, &PLACES);
    // "Tổng số cán bộ của đơn vị" counts people; "Tên đơn vị" names.
    let counts_people = starts_with_word(key, &["tong", "so", "dan so", "quan so", "can bo", "nguoi"]);
    (is_place && !counts_people).then_some(Column::Name)
}

/// The level of the units that a heading names, where it names one only: "Xã, phường, thị trấn" are communes.
pub(super) fn level_of(heading: &str) -> Option<UnitKind> {
    let key = search_key(heading);
    let plain = key.replace("thi xa", "tx").replace("tinh thanh pho", "tinh").replace("tinh tp", "tinh");
    let levels = [
        (UnitKind::Province, says_any(&plain, &["tinh", "province"])),
        (UnitKind::District, says_any(&plain, &["huyen", "quan", "tx", "thanh pho", "district"])),
        (UnitKind::Commune, says_any(&plain, &["xa", "phuong", "thi tran", "xp tt", "commune"])),
        (UnitKind::Hamlet, says_any(&plain, &["ap", "khom", "thon", "to dan pho", "khu pho"])),
    ];
    let mut named = levels.iter().filter(|(_, is_named)| *is_named).map(|(level, _)| *level);
    named.next().filter(|_| named.next().is_none())
}

fn starts_with_word(key: &str, words: &[&str]) -> bool {
    words.iter().any(|word| key.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

/// Whether a heading makes what stands under it something else than the counts below it: "Chưa cài".
pub(super) fn excludes(heading: &str) -> bool {
    says_any(&search_key(heading), &OTHER_THAN_THE_COUNT)
}

/// Between two columns that seem to hold the same count, the one whose heading is plainer about it: the smaller rank.
pub(super) fn rank(heading: &str) -> usize {
    let key = search_key(heading);
    let is_cumulative = says_any(&key, &["luy ke", "tong so", "dan so", "quan so"]);
    usize::from(!is_cumulative)
}

#[cfg(test)]
mod tests;
