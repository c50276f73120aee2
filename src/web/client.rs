//! Where a request comes from, and how often it may try to sign in.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use actix_web::{HttpRequest, http::header::HeaderName};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use super::{State, problem::Problem};

/// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(pub Vec<IpAddr>);

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

fn forwarded(request: &HttpRequest, trusted: &TrustedProxies, name: &HeaderName) -> Option<String> {
    let peer = request.peer_addr()?.ip();
    if !trusted.0.contains(&peer) {
        return None;
    }
    let value = request.headers().get(name)?.to_str().ok()?;
    // The last one is what the trusted proxy itself saw.
    value.rsplit(',').next().map(|last| last.trim().to_owned())
}

/// The client's address.
pub fn address(request: &HttpRequest, trusted: &TrustedProxies) -> Option<IpAddr> {
    forwarded(request, trusted, &FORWARDED_FOR)
        .and_then(|text| text.parse().ok())
        .or_else(|| request.peer_addr().map(|peer| peer.ip()))
}

/// Whether the client reached us over TLS: cookies are then `Secure`.
pub fn is_secure(request: &HttpRequest, state: &State) -> bool {
    state.has_tls || forwarded(request, &state.trusted_proxies, &FORWARDED_PROTO).is_some_and(|proto| proto == "https")
}

/// How often one name and one address may try to sign in.
pub struct SignInLimits {
    by_name: DefaultKeyedRateLimiter<String>,
    by_address: DefaultKeyedRateLimiter<IpAddr>,
}

impl SignInLimits {
    /// Ten tries at once for a name, then one every 30 s; sixty for an address, then one every 5 s: an office may share one.
    pub fn new() -> Self {
        let quota = |burst: u32, seconds: u64| {
            let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
            Quota::with_period(Duration::from_secs(seconds)).unwrap_or(Quota::per_minute(burst)).allow_burst(burst)
        };
        Self { by_name: RateLimiter::keyed(quota(10, 30)), by_address: RateLimiter::keyed(quota(60, 5)) }
    }

    /// Counts a try.
    pub fn check(&self, username: &str, address: Option<IpAddr>) -> Result<(), Problem> {
        let seconds = |wait: Duration| wait.as_secs() + 1;
        let now = DefaultClock::default();
        if let Some(address) = address {
            self.by_address
                .check_key(&address)
                .map_err(|until| Problem::too_many(seconds(until.wait_time_from(now.now()))))?;
        }
        self.by_name
            .check_key(&username.to_owned())
            .map_err(|until| Problem::too_many(seconds(until.wait_time_from(now.now()))))
    }

    /// Forgets names and addresses that may try freely again.
    pub fn shrink(&self) {
        self.by_name.retain_recent();
        self.by_address.retain_recent();
    }
}
