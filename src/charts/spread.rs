//! Labels beside a plot pushed apart until none covers another.

/// Where a label would like its middle to be, and its height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wish {
    pub y: f64,
    pub height: f64,
}

/// The middles of the labels, in the order of `wishes`, between `top` and `bottom` as long as they fit there.
pub(super) fn spread(wishes: &[Wish], top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|&a, &b| wishes[a].y.total_cmp(&wishes[b].y));
    let mut middles: Vec<f64> = wishes.iter().map(|wish| wish.y).collect();
    // Overlapping neighbours share the push: each round moves every pair half of what it lacks.
    for _ in 0..200 {
        for pair in order.windows(2) {
            let [above, below] = [pair[0], pair[1]];
            let needed = f64::midpoint(wishes[above].height, wishes[below].height);
            let lacking = needed - (middles[below] - middles[above]);
            if lacking > 0.0 {
                middles[above] -= lacking / 2.0;
                middles[below] += lacking / 2.0;
            }
        }
        for (middle, wish) in middles.iter_mut().zip(wishes) {
            *middle = middle.min(bottom - wish.height / 2.0).max(top + wish.height / 2.0);
        }
    }
    middles
}
