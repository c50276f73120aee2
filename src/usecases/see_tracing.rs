//! The tracing figures of a place over a period, and their history. Small counts of hamlets are hidden here, before
//! anything is made of them: see `domain::tracing_shown`.

use std::collections::BTreeMap;

use chrono::{Days as Span, NaiveDate};
use serde::Serialize;

use super::{Allowed, Result, UnitRef, UseCaseError, allowed, allowed_or_own};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        report::{Fault, Rule},
        text,
        tracing::{Counts, TracingFigure, quarantine_since},
        tracing_shown::{self, Cell, Cells, Days, RatioShown, TracingRatio},
        unit::{Unit, UnitId, UnitKind},
    },
    store::{
        Conn,
        contact_tracing::{self, Record},
    },
};

/// How long a period is when nobody says: the days of a quarantine.
const USUAL_DAYS: u64 = 14;
/// The longest period shown at once, in days.
const MOST_DAYS: i64 = 92;

/// The tracing figures of a place over a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TracingView {
    /// The place.
    pub scope: UnitRef,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Always false: the plan sets no target for any of it (requirements A-19).
    pub is_target_of_plan: bool,
    /// Whether made-up figures are among them.
    pub is_illustrative: bool,
    /// Whether the actor may record figures here; from others small counts of hamlets are hidden.
    pub may_record: bool,
    /// Communes (or the commune, the hamlet) that reported in the period.
    pub reported: usize,
    /// How many there are.
    pub places: usize,
    /// Figures of the whole place: the communes' own, never added to by hamlets.
    pub totals: Vec<FigureShown>,
    /// The ratios of the whole place.
    pub ratios: Vec<RatioView>,
    /// Each commune below, or each hamlet of a commune.
    pub rows: Vec<TracingRow>,
    /// Each day, last first.
    pub days: Vec<TracingDay>,
}

/// A figure as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FigureShown {
    /// Its code.
    pub figure: TracingFigure,
    /// State and count.
    #[serde(flatten)]
    #[schema(inline)]
    pub cell: Cell,
}

/// A ratio with what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RatioView {
    /// Its code.
    pub ratio: TracingRatio,
    /// `reported`, `not_reported`, `nobody_to_count` or `withheld`.
    pub state: &'static str,
    /// Numerator.
    pub counted: Option<i64>,
    /// Denominator.
    pub base: Option<i64>,
    /// Tenths, truncated: of a percent, or of a "so many for each".
    pub tenths: Option<i64>,
    /// Whether it is so many for each rather than a percentage.
    pub is_multiple: bool,
}

/// A commune or hamlet over the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TracingRow {
    /// The place.
    pub unit: UnitRef,
    /// Days it reported.
    pub days_reported: usize,
    /// Its figures: flows summed, stocks of its last day.
    pub figures: Vec<FigureShown>,
}

/// A day of the whole place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TracingDay {
    /// The day.
    pub day: NaiveDate,
    /// Communes that reported it.
    pub reported: usize,
    /// Its figures.
    pub figures: Vec<FigureShown>,
}

/// The figures of `scope` from one day to another; the last two weeks when neither is given.
pub fn see_tracing(
    conn: &mut Conn,
    actor: &Actor,
    scope: Option<&str>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<TracingView> {
    let place = allowed_or_own(conn, actor, Deed::SeeTracing, scope)?;
    let (from, to) = period(from, to, today)?;
    let sees_small = may_record(actor, &place);
    let kept = Kept::read(conn, &place, from.min(quarantine_since(to)), to)?;
    let hamlets = kept.hamlets(sees_small);
    let communes = kept.communes();
    let is_hamlet = place.unit.kind == UnitKind::Hamlet;
    // What a place is made of: a hamlet of itself, everything else of communes.
    let parts: Vec<(&Unit, Days)> = if is_hamlet {
        hamlets.iter().filter(|(unit, _)| unit.id == place.unit.id).cloned().collect()
    } else {
        communes.clone()
    };
    let below = match place.unit.kind {
        UnitKind::Commune => hamlets,
        UnitKind::Hamlet => Vec::new(),
        _ => communes,
    };
    let days_of = || parts.iter().map(|(_, days)| days);
    let reported_in = |days: &Days| days.range(from..=to).count();
    Ok(TracingView {
        scope: UnitRef::from(&place.unit),
        from,
        to,
        is_target_of_plan: false,
        is_illustrative: kept.records.iter().any(|record| record.channel == "demo"),
        may_record: sees_small,
        reported: days_of().filter(|days| reported_in(days) > 0).count(),
        places: parts.len(),
        totals: shown(|figure| tracing_shown::total(figure, days_of(), from, to)),
        ratios: TracingRatio::ALL.iter().map(|ratio| ratio_view(*ratio, ratio.of(days_of(), from, to))).collect(),
        rows: below
            .iter()
            .map(|(unit, days)| TracingRow {
                unit: UnitRef::from(*unit),
                days_reported: reported_in(days),
                figures: shown(|figure| tracing_shown::total(figure, [days], from, to)),
            })
            .collect(),
        days: from
            .iter_days()
            .take_while(|day| *day <= to)
            .map(|day| TracingDay {
                day,
                reported: days_of().filter(|days| days.contains_key(&day)).count(),
                figures: shown(|figure| tracing_shown::total(figure, days_of(), day, day)),
            })
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect(),
    })
}

fn may_record(actor: &Actor, place: &Allowed) -> bool {
    let lineage: Vec<UnitId> = place.lineage.iter().map(|unit| unit.id).collect();
    actor.may(Deed::RecordTracing, &lineage)
}

/// The period meant; at most [`MOST_DAYS`].
fn period(from: Option<NaiveDate>, to: Option<NaiveDate>, today: NaiveDate) -> Result<(NaiveDate, NaiveDate)> {
    let to = to.unwrap_or(today);
    let from = from.unwrap_or_else(|| to.checked_sub_days(Span::new(USUAL_DAYS - 1)).unwrap_or(to));
    let days = (to - from).num_days() + 1;
    let shown = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    let fault = match days {
        ..=0 => Fault::of_report("to", Rule::BeforeStart, shown(to), Some(shown(from))),
        _ if days > MOST_DAYS => {
            Fault { limit: Some(MOST_DAYS), ..Fault::of_report("from", Rule::TooManyDays, shown(from), None) }
        }
        _ => return Ok((from, to)),
    };
    Err(UseCaseError::Invalid(vec![fault]))
}

fn shown(cell: impl Fn(TracingFigure) -> Cell) -> Vec<FigureShown> {
    TracingFigure::ALL.iter().map(|figure| FigureShown { figure: *figure, cell: cell(*figure) }).collect()
}

fn ratio_view(ratio: TracingRatio, of: RatioShown) -> RatioView {
    let rate = of.rate();
    let per_mille = rate.and_then(crate::domain::rate::Rate::tenths);
    RatioView {
        ratio,
        state: of.state(),
        counted: rate.map(|rate| rate.counted),
        base: rate.map(|rate| rate.base),
        // Thousandths are tenths of a percent; cut again they are tenths of a multiple.
        tenths: if ratio.is_multiple() { per_mille.map(|n| n / 100) } else { per_mille },
        is_multiple: ratio.is_multiple(),
    }
}

/// What is kept of a place. Nothing of it leaves this file but as cells.
struct Kept {
    places: Vec<(Unit, Option<UnitId>)>,
    records: Vec<Record>,
}

impl Kept {
    /// Of a hamlet its whole commune is read: what may be shown of one depends on the others.
    fn read(conn: &mut Conn, place: &Allowed, from: NaiveDate, to: NaiveDate) -> Result<Self> {
        let kind = place.unit.kind;
        let top = if kind == UnitKind::Hamlet { place.lineage.get(1).unwrap_or(&place.unit) } else { &place.unit };
        let mut places = contact_tracing::places(conn, top.id)?;
        places.sort_by(|(a, _), (b, _)| text::compare(&a.name, &b.name));
        let mut found = contact_tracing::in_force(conn, top.id, UnitKind::Commune, from, to)?;
        // The hamlets of a whole district are on no page.
        if matches!(kind, UnitKind::Commune | UnitKind::Hamlet) {
            found.extend(contact_tracing::in_force(conn, top.id, UnitKind::Hamlet, from, to)?);
        }
        Ok(Self { places, records: found })
    }

    fn of_kind(&self, kind: UnitKind) -> impl Iterator<Item = &(Unit, Option<UnitId>)> {
        self.places.iter().filter(move |(unit, _)| unit.kind == kind)
    }

    fn communes(&self) -> Vec<(&Unit, Days)> {
        let mut days: BTreeMap<UnitId, Days> = BTreeMap::new();
        for record in &self.records {
            days.entry(record.unit).or_default().insert(record.day, tracing_shown::open(&record.counts));
        }
        self.of_kind(UnitKind::Commune).map(|(unit, _)| (unit, days.remove(&unit.id).unwrap_or_default())).collect()
    }

    fn hamlets(&self, sees_small: bool) -> Vec<(&Unit, Days)> {
        let parent: BTreeMap<UnitId, UnitId> =
            self.of_kind(UnitKind::Hamlet).filter_map(|(unit, parent)| Some((unit.id, (*parent)?))).collect();
        let mut groups: BTreeMap<(UnitId, NaiveDate), Vec<&Record>> = BTreeMap::new();
        for record in &self.records {
            if let Some(commune) = parent.get(&record.unit) {
                groups.entry((*commune, record.day)).or_default().push(record);
            }
        }
        let mut days: BTreeMap<UnitId, Days> = BTreeMap::new();
        for ((commune, day), group) in groups {
            let counts: Vec<&Counts> = group.iter().map(|record| &record.counts).collect();
            let whole = self.records.iter().find(|record| record.unit == commune && record.day == day);
            let cells: Vec<Cells> = if sees_small {
                counts.iter().map(|counts| tracing_shown::open(counts)).collect()
            } else {
                tracing_shown::guarded(&counts, whole.map(|whole| &whole.counts))
            };
            for (record, cells) in group.iter().zip(cells) {
                days.entry(record.unit).or_default().insert(day, cells);
            }
        }
        self.of_kind(UnitKind::Hamlet).map(|(unit, _)| (unit, days.remove(&unit.id).unwrap_or_default())).collect()
    }
}

/// Every version of a unit's figures of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TracingHistory {
    /// The commune or hamlet.
    pub unit: UnitRef,
    /// The day.
    pub day: NaiveDate,
    /// Whether figures and reasons are hidden from the actor: all of a hamlet's are, because versions could be
    /// subtracted from each other.
    pub is_guarded: bool,
    /// Whether they are made up.
    pub is_illustrative: bool,
    /// Last recorded first; the first is in force.
    pub versions: Vec<TracingVersion>,
}

/// A version of a day's figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TracingVersion {
    /// The record's number.
    pub record: i64,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// Who recorded it.
    pub recorded_by: String,
    /// How it came.
    pub channel: String,
    /// Why it was changed.
    pub reason: String,
    /// The figures that changed with it.
    pub changes: Vec<TracingChange>,
}

/// A figure before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TracingChange {
    /// Its code.
    pub figure: TracingFigure,
    /// What stood before.
    pub old: Cell,
    /// What stood then.
    pub new: Cell,
}

/// The history of what a unit reported of a day.
pub fn see_tracing_history(conn: &mut Conn, actor: &Actor, unit: &str, day: NaiveDate) -> Result<TracingHistory> {
    let place = allowed(conn, actor, Deed::SeeTracing, unit)?;
    let is_guarded = place.unit.kind == UnitKind::Hamlet && !may_record(actor, &place);
    let found = contact_tracing::versions(conn, place.unit.id, day)?;
    let is_illustrative = found.iter().any(|version| version.channel == "demo");
    let mut before = Counts::new();
    let mut versions = Vec::new();
    for version in found {
        let cell = |counts: &Counts, figure: &TracingFigure| match counts.get(figure) {
            Some(_) if is_guarded => Cell::Withheld,
            count => Cell::from(count),
        };
        // Which figures changed would say something, too: of a guarded version every figure is listed.
        let is_listed = |figure: &TracingFigure| {
            let (old, new) = (before.get(figure), version.counts.get(figure));
            if is_guarded { new.is_some() } else { old != new }
        };
        let change = |figure: &TracingFigure| TracingChange {
            figure: *figure,
            old: cell(&before, figure),
            new: cell(&version.counts, figure),
        };
        versions.push(TracingVersion {
            record: version.id,
            recorded_at: version.recorded_at,
            recorded_by: version.recorded_by,
            channel: version.channel,
            reason: if is_guarded { String::new() } else { version.reason },
            changes: TracingFigure::ALL.iter().filter(|figure| is_listed(figure)).map(change).collect(),
        });
        before = version.counts;
    }
    versions.reverse();
    Ok(TracingHistory { unit: UnitRef::from(&place.unit), day, is_guarded, is_illustrative, versions })
}
