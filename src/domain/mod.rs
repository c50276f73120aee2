//! Ground floor: the rules, pure. Plain values in, plain values out; no clock, no database, no network.
//!
//! | Vietnamese | here |
//! |---|---|
//! | kế hoạch, điều khoản | [`plan::Plan`], [`plan::Clause`] |
//! | đơn vị (nơi chốn và cơ quan) | [`unit::Unit`] |
//! | đối tượng | [`plan::Cohort`] |
//! | chỉ số | [`plan::Measure`]; with its cohort an *indicator* |
//! | báo cáo, tính đến | [`report`]: a submission; `as_of` is the time its figures are true at |
//! | đạt, chưa đạt, chưa báo cáo, không có đối tượng | [`standing::Standing`] |
//! | tỷ lệ, còn thiếu | [`rate::Rate`] |
//! | kỳ báo cáo: mở, hạn, chốt | [`schedule::Period`]: opens, due, locks |
//! | đã nhận, đúng hạn, đầy đủ | [`completeness::Completeness`] |
//! | tiếp nhận, trả lại | [`review::Outcome`] |
//! | vùng xanh … vùng đỏ | [`zone::Colour`] |
//! | báo cáo tổng hợp, kỳ báo cáo | [`consolidated::ConsolidatedReport`], [`consolidated::choices::Period`] |
//! | khó khăn, vướng mắc | [`difficulty`] |
//! | F0, F1, F2, cách ly | [`tracing::TracingFigure`] |
//! | đầu mối, Ban Chỉ đạo, … | [`actor::Role`] |

pub mod actor;
pub mod calendar;
pub mod chase;
pub mod completeness;
pub mod consolidated;
pub mod difficulty;
pub mod digest;
pub mod ledger;
pub mod letter;
pub mod names;
pub mod number;
pub mod outlines;
pub mod plan;
pub mod rate;
pub mod report;
pub mod review;
pub mod schedule;
pub mod standing;
pub mod text;
pub mod tiles;
pub mod tracing;
pub mod tracing_shown;
pub mod unit;
pub mod zone;

/// An enum whose variants are written as fixed codes: in the database, the API and the plan files alike.
macro_rules! coded {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// Every variant, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code it is written with.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The variant written as `code`, if there is one.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}
pub(crate) use coded;
