//! What the words of the lower floors look like in the API's document: they know nothing of it themselves.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type},
};

use crate::{
    domain::{
        chase::{ChaseState, ReminderKind, ReminderState},
        completeness::{PeriodCell, Sent},
        difficulty::{DifficultyState, Matter},
        plan::{Directive, Measure, Words},
        rate::Rate,
        review::Outcome as ReviewOutcome,
        schedule::{Cadence, Period, Rules, Version},
        standing::Standing,
        tracing::TracingFigure,
        tracing_shown::{Cell, TracingRatio},
        unit::UnitKind,
        zone::{
            Colour, Decision,
            drive::{AwardState, Outcome},
        },
    },
    store::{audit::Event, units::Population},
    usecases::zone_state::Alert,
};

/// An object with these properties, all of them always there (null where nothing is known).
macro_rules! object {
    ($($name:ident { $($property:ident: $type:ty,)+ })+) => {
        $(impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    $(.property(stringify!($property), <$type>::schema()).required(stringify!($property)))+
                    .into()
            }
        }
        impl ToSchema for $name {})+
    };
}

/// A string that is one of the codes of an enum.
macro_rules! codes {
    ($($name:ident)+) => {
        $(impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .enum_values(Some($name::ALL.iter().map(|variant| variant.code())))
                    .into()
            }
        }
        impl ToSchema for $name {})+
    };
}

/// An instant in UTC and a day, written as RFC 3339 says.
macro_rules! times {
    ($($name:ident = $format:ident)+) => {
        $(struct $name;
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let format = SchemaFormat::KnownFormat(KnownFormat::$format);
                ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
            }
        }
        impl ToSchema for $name {})+
    };
}

times! { At = DateTime Day = Date }

codes! { Standing UnitKind Colour Alert Outcome AwardState TracingFigure TracingRatio Sent Directive ReviewOutcome ChaseState ReminderKind ReminderState DifficultyState Matter }

object! {
    Period { from: Day, to: Day, opens: At, due: At, on_time_until: At, locks: Option<String>, }
    PeriodCell { state: Sent, is_on_time: bool, is_zero: bool, delay_minutes: Option<i64>, }
    Cadence { kind: String, }
    Rules {
        cadence: Cadence,
        due_days: i16,
        due_time: String,
        grace_hours: u16,
        lock_days: Option<u16>,
        holidays: Vec<String>,
        sections: Vec<String>,
        areas_too: bool,
    }
    Version { from: Day, rules: Rules, assumed: bool, }
    Words { vi: String, en: String, }
    Rate { counted: i64, base: i64, }
    Cell { state: String, count: Option<i64>, }
    Measure { code: String, name: Words, }
    Population { as_of: Day, persons: i32, households: i32, source: String, }
    Decision {
        id: i64,
        scheme: String,
        level: i32,
        effective_from: At,
        decision_number: Option<String>,
        decision_issuer: Option<String>,
        decision_date: Option<String>,
        is_official: bool,
        corrects: Option<i64>,
        is_withdrawal: bool,
        reason: String,
        note: String,
        recorded_at: At,
        recorded_by: String,
    }
    Event {
        id: i64,
        chain: i32,
        seq: i64,
        at: At,
        actor: String,
        action: String,
        unit_code: Option<String>,
        unit_name: Option<String>,
        detail: String,
        hash: String,
    }
}
