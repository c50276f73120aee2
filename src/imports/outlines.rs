//! Outlines of places from a `TopoJSON` or `GeoJSON` file.
//!
//! Read by hand: of both formats only polygons with a code are wanted, and the one library for `TopoJSON` stands on
//! old versions of what we use otherwise.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::outlines::{LonLat, Outlines, Polygon, Ring};

/// Official code of the place, in the properties of a feature. Features without one are left out: land that is nobody's.
const CODE: &str = "ma_xa";
/// What a map may hold: a country of communes has some 11,000 places.
const MOST_POINTS: usize = 2_000_000;

/// Why a file of outlines cannot be used.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum OutlinesError {
    /// It is not JSON, or its parts are not what the format says.
    #[error("not a TopoJSON or GeoJSON file: {0}")]
    NotReadable(String),
    /// JSON of another kind.
    #[error("\"type\" is \"{0}\", expected \"Topology\" or \"FeatureCollection\"")]
    OtherKind(String),
    /// A shape that no land has.
    #[error("place {code}: geometry \"{kind}\", expected \"Polygon\" or \"MultiPolygon\"")]
    NotLand {
        /// The place.
        code: String,
        /// What it has for a geometry.
        kind: String,
    },
    /// A line of the topology that is not there.
    #[error("place {code}: arc {arc} does not exist, the file has {count}")]
    NoArc {
        /// The place.
        code: String,
        /// The number asked for.
        arc: i64,
        /// How many there are.
        count: usize,
    },
    /// A position that is not one.
    #[error("place {code}: position {lon}, {lat} is not a longitude and a latitude in degrees, such as 105.41, 10.55")]
    NotDegrees {
        /// The place.
        code: String,
        /// What stands for the longitude.
        lon: f64,
        /// What stands for the latitude.
        lat: f64,
    },
    /// A border that encloses nothing.
    #[error("place {code}: a border of {points} points, expected at least 3")]
    NoLand {
        /// The place.
        code: String,
        /// How many points it has.
        points: usize,
    },
    /// More than any map needs.
    #[error("more than {MOST_POINTS} points: simplify the outlines first")]
    TooLarge,
    /// No feature has the property that tells its place.
    #[error("no place: every feature needs the property \"{CODE}\" with its official code, such as \"30628\"")]
    NoPlaces,
}

/// Reads the outlines of a file by the codes in its property `ma_xa`.
///
/// # Errors
/// See [`OutlinesError`]; the first fault ends the reading, nothing of a faulty file is used.
pub fn read(bytes: &[u8]) -> Result<Outlines, OutlinesError> {
    #[derive(Deserialize)]
    struct Kind {
        r#type: String,
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let outlines = match parse::<Kind>(bytes)?.r#type.as_str() {
        "Topology" => topology(&parse(bytes)?)?,
        "FeatureCollection" => features(parse(bytes)?)?,
        other => return Err(OutlinesError::OtherKind(other.to_owned())),
    };
    if outlines.is_empty() { Err(OutlinesError::NoPlaces) } else { Ok(outlines) }
}

fn parse<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, OutlinesError> {
    serde_json::from_slice(bytes).map_err(|error| OutlinesError::NotReadable(error.to_string()))
}

/// RFC 7946.
#[derive(Deserialize)]
struct FeatureCollection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Option<Value>,
    geometry: Option<Geometry<Vec<f64>>>,
}

/// A geometry; `P` is what a ring is a list of: positions, or numbers of arcs.
#[derive(Deserialize)]
struct Geometry<P> {
    r#type: Option<String>,
    #[serde(alias = "arcs")]
    coordinates: Option<Value>,
    properties: Option<Value>,
    #[serde(skip)]
    _of: std::marker::PhantomData<P>,
}

impl<P: for<'de> Deserialize<'de>> Geometry<P> {
    /// Its polygons as lists of rings.
    fn polygons(self, code: &str) -> Result<Vec<Vec<Vec<P>>>, OutlinesError> {
        let kind = self.r#type.unwrap_or_default();
        let parts = self.coordinates.unwrap_or_default();
        let polygons = match kind.as_str() {
            "Polygon" => serde_json::from_value(parts).map(|polygon| vec![polygon]),
            "MultiPolygon" => serde_json::from_value(parts),
            _ => return Err(OutlinesError::NotLand { code: code.to_owned(), kind }),
        };
        polygons.map_err(|error| OutlinesError::NotReadable(format!("place {code}: {error}")))
    }
}

/// The place's code; some programs write it as a number.
fn code(properties: Option<&Value>) -> Option<String> {
    match properties?.get(CODE)? {
        Value::String(code) => Some(code.trim().to_owned()).filter(|code| !code.is_empty()),
        // Written as a number a code has lost its leading zeros; those of communes have five digits.
        Value::Number(code) => Some(format!("{:05}", code.as_u64()?)),
        _ => None,
    }
}

fn features(collection: FeatureCollection) -> Result<Outlines, OutlinesError> {
    let mut outlines = Outlines::default();
    let mut counted = 0;
    for feature in collection.features {
        let Some((code, geometry)) = code(feature.properties.as_ref()).zip(feature.geometry) else { continue };
        for rings in geometry.polygons(&code)? {
            let position = |at: &Vec<f64>| match at.as_slice() {
                [lon, lat, ..] => Ok((*lon, *lat)),
                _ => Err(OutlinesError::NotReadable(format!("place {code}: a position of {} numbers", at.len()))),
            };
            let rings: Result<Vec<Ring>, _> =
                rings.iter().map(|ring| ring.iter().map(position).collect::<Result<Ring, _>>()).collect();
            add(&mut outlines, &code, rings?, &mut counted)?;
        }
    }
    Ok(outlines)
}

/// `TopoJSON` 1.0: places share the lines between them.
#[derive(Deserialize)]
struct Topology {
    arcs: Vec<Vec<Vec<f64>>>,
    transform: Option<Transform>,
    objects: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
struct Transform {
    scale: (f64, f64),
    translate: (f64, f64),
}

fn topology(file: &Topology) -> Result<Outlines, OutlinesError> {
    #[derive(Deserialize)]
    struct Layer {
        #[serde(default)]
        geometries: Vec<Geometry<i64>>,
    }
    let arcs = file.arcs.iter().map(|arc| line(arc, file.transform.as_ref())).collect::<Result<Vec<_>, _>>()?;
    let mut outlines = Outlines::default();
    let mut counted = 0;
    for layer in file.objects.values() {
        let layer = Layer::deserialize(layer).map_err(|error| OutlinesError::NotReadable(error.to_string()))?;
        for geometry in layer.geometries {
            let Some(code) = code(geometry.properties.as_ref()) else { continue };
            for rings in geometry.polygons(&code)? {
                let rings = rings.iter().map(|ring| joined(ring, &arcs, &code)).collect::<Result<Vec<_>, _>>()?;
                add(&mut outlines, &code, rings, &mut counted)?;
            }
        }
    }
    Ok(outlines)
}

/// The points of an arc: with a transform each is a step from the one before, in whole units.
fn line(arc: &[Vec<f64>], transform: Option<&Transform>) -> Result<Vec<LonLat>, OutlinesError> {
    let (mut x, mut y) = (0.0, 0.0);
    arc.iter()
        .map(|step| {
            let [dx, dy, ..] = step.as_slice() else {
                return Err(OutlinesError::NotReadable(format!("an arc with a position of {} numbers", step.len())));
            };
            let Some(Transform { scale, translate }) = transform else { return Ok((*dx, *dy)) };
            (x, y) = (x + dx, y + dy);
            Ok((x * scale.0 + translate.0, y * scale.1 + translate.1))
        })
        .collect()
}

/// A ring made of arcs; arc −1 is arc 0 backwards, −2 is arc 1 backwards.
fn joined(ring: &[i64], arcs: &[Vec<LonLat>], code: &str) -> Result<Ring, OutlinesError> {
    let mut points = Ring::new();
    for &number in ring {
        let is_backwards = number < 0;
        let place = usize::try_from(if is_backwards { !number } else { number }).ok();
        let Some(arc) = place.and_then(|place| arcs.get(place)) else {
            return Err(OutlinesError::NoArc { code: code.to_owned(), arc: number, count: arcs.len() });
        };
        // An arc begins where the one before it ended.
        points.pop();
        if is_backwards { points.extend(arc.iter().rev()) } else { points.extend(arc) }
    }
    Ok(points)
}

/// Adds a polygon once it is known to be land on this earth.
fn add(outlines: &mut Outlines, code: &str, rings: Vec<Ring>, counted: &mut usize) -> Result<(), OutlinesError> {
    let mut rings = rings.into_iter().map(|ring| checked(ring, code)).collect::<Result<Vec<_>, _>>()?;
    *counted += rings.iter().map(Vec::len).sum::<usize>();
    if *counted > MOST_POINTS {
        return Err(OutlinesError::TooLarge);
    }
    if rings.is_empty() {
        return Err(OutlinesError::NoLand { code: code.to_owned(), points: 0 });
    }
    let outer = rings.remove(0);
    outlines.add(code, Polygon { outer, holes: rings });
    Ok(())
}

fn checked(mut ring: Ring, code: &str) -> Result<Ring, OutlinesError> {
    ring.dedup();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    let is_off = |at: &&LonLat| !((-180.0..=180.0).contains(&at.0) && (-90.0..=90.0).contains(&at.1));
    if let Some(&(lon, lat)) = ring.iter().find(is_off) {
        return Err(OutlinesError::NotDegrees { code: code.to_owned(), lon, lat });
    }
    if ring.len() < 3 {
        return Err(OutlinesError::NoLand { code: code.to_owned(), points: ring.len() });
    }
    Ok(ring)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARES: &str = r#"{"type":"Topology","transform":{"scale":[0.1,0.1],"translate":[105,10]},
        "arcs":[[[1,0],[0,1]],[[1,1],[-1,0],[0,-1],[1,0]],[[1,0],[1,0],[0,1],[-1,0]]],
        "objects":{"xa":{"type":"GeometryCollection","geometries":[
            {"type":"Polygon","arcs":[[0,1]],"properties":{"ma_xa":"00001"}},
            {"type":"MultiPolygon","arcs":[[[2,-1]]],"properties":{"ma_xa":2}},
            {"type":"Polygon","arcs":[[0,1]],"properties":{"ma_xa":null}}]}}}"#;

    fn collection(geometry: &str) -> String {
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"ma_xa":"30628"}},"geometry":{geometry}}}]}}"#
        )
    }

    #[test]
    fn places_of_a_topology_share_the_line_between_them() {
        let outlines = read(SQUARES.as_bytes()).unwrap();
        let codes: Vec<&str> = outlines.iter().map(|(code, _)| code).collect();
        assert_eq!(
            codes,
            ["00001", "00002"],
            "a code written as a number gets its zeros back; land without one is left out"
        );
        let [left, right] = ["00001", "00002"].map(|code| &outlines.get(code).unwrap()[0].outer);
        assert_eq!((left.len(), right.len()), (4, 4));
        assert_eq!(left.iter().filter(|at| right.contains(at)).count(), 2, "the very same points, to the last bit");
        let (lon, lat) = outlines.centre("00001").unwrap();
        assert!((lon - 105.05).abs() < 1e-9 && (lat - 10.05).abs() < 1e-9);
    }

    #[test]
    fn a_feature_collection_gives_borders_and_holes() {
        let rings =
            "[[105,10],[106,10],[106,11],[105,11],[105,10]],[[105.4,10.4],[105.6,10.4],[105.5,10.6],[105.4,10.4]]";
        let file = collection(&format!(r#"{{"type":"Polygon","coordinates":[{rings}]}}"#));
        let outlines = read(format!("\u{FEFF}{file}").as_bytes()).unwrap();
        let [land] = outlines.get("30628").unwrap().as_slice() else { panic!("one piece") };
        assert_eq!((land.outer.len(), land.holes.len(), land.holes[0].len()), (4, 1, 3));
    }

    #[test]
    fn a_bad_file_is_refused_with_what_is_wrong() {
        let text = |file: &str| read(file.as_bytes()).unwrap_err().to_string();
        for (file, said) in [
            ("PK\u{3}\u{4}", "not a TopoJSON or GeoJSON file"),
            (r#"{"type":"Feature"}"#, "expected \"Topology\" or \"FeatureCollection\""),
            (r#"{"type":"FeatureCollection","features":[]}"#, "property \"ma_xa\""),
            (&SQUARES.replace("[[2,-1]]", "[[2,-9]]"), "place 00002: arc -9 does not exist, the file has 3"),
            (&SQUARES.replace("\"arcs\":[[0,1]]", "\"arcs\":[[0]]"), "a border of 2 points"),
            (&SQUARES.replace("[[1,0],[0,1]]", "[[1],[0,1]]"), "a position of 1 numbers"),
            (&collection(r#"{"type":"Point","coordinates":[105,10]}"#), "place 30628: geometry \"Point\""),
            (&collection(r#"{"type":"Polygon","coordinates":[[[105,10],[105,11]]]}"#), "a border of 2 points"),
            (
                // VN-2000 metres instead of degrees: the commonest mistake.
                &collection(
                    r#"{"type":"Polygon","coordinates":[[[560000,1166000],[560100,1166000],[560100,1166100]]]}"#,
                ),
                "position 560000, 1166000 is not a longitude and a latitude",
            ),
            (&collection(r#"{"type":"Polygon","coordinates":[["a"]]}"#), "place 30628"),
        ] {
            assert!(text(file).contains(said), "{file}: {}", text(file));
        }
    }
}
