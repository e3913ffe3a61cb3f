//! Finding an icon on the screen.

use std::ops::Range;

use super::picture::{Area, Picture};

/// The sizes at which a panel may draw an icon.
const SIZES: [u32; 7] = [16, 18, 20, 22, 24, 32, 48];
/// How far a pixel may be off on average (0-255): hosts scale icons each in their own way.
const TOLERANCE: u64 = 16;
/// How far two colours must be apart to count as different.
const CONTRAST: u64 = 24;
/// How far a drawn thing may be from where its middle says it is.
const SLACK: u32 = 3;

/// Where `icon` is drawn in `scene`, at whichever size it fits best.
///
/// `scene` is a strip of one colour (a panel) with icons on it, from left to right.
pub(super) fn find_icon(scene: &Picture, icon: &Picture) -> Option<Area> {
    let things = things_on(scene);
    let sizes = SIZES
        .iter()
        .filter(|size| **size <= scene.height().min(scene.width()));
    sizes
        .map(|size| icon.scaled(*size, *size))
        .filter_map(|icon| {
            things
                .iter()
                .filter_map(|thing| best_place(scene, *thing, &icon))
                .min_by_key(|best| best.0)
        })
        .min_by_key(|(misfit, _)| *misfit)
        .filter(|(misfit, _)| *misfit <= TOLERANCE)
        .map(|(_, area)| area)
}

/// The things that stand side by side on the ground of `scene`, without lines along its edges.
fn things_on(scene: &Picture) -> Vec<Area> {
    let ground = scene.commonest_colour();
    let is_drawn = |x, y| distance(scene.pixel(x, y), ground) > CONTRAST;
    let is_line = |y: u32| {
        (0..scene.width()).filter(|x| is_drawn(*x, y)).count() * 5 > scene.width() as usize * 4
    };
    let rows: Vec<u32> = (0..scene.height()).filter(|y| !is_line(*y)).collect();
    let mut columns: Vec<Range<u32>> = Vec::new();
    for x in (0..scene.width()).filter(|x| rows.iter().any(|y| is_drawn(*x, *y))) {
        match columns.last_mut().filter(|last| last.end + 1 >= x) {
            Some(last) => last.end = x + 1,
            None => columns.push(x..x + 1),
        }
    }
    let bounded = columns.into_iter().filter_map(|columns| {
        let mut drawn = rows
            .iter()
            .copied()
            .filter(|y| columns.clone().any(|x| is_drawn(x, *y)));
        let top = drawn.next()?;
        let bottom = drawn.next_back().unwrap_or(top);
        Some(Area {
            x: columns.start,
            y: top,
            width: columns.end - columns.start,
            height: bottom - top + 1,
        })
    });
    bounded.collect()
}

/// The place where `icon` fits best on `thing`, with the mean difference of a visible pixel there.
fn best_place(scene: &Picture, thing: Area, icon: &Picture) -> Option<(u64, Area)> {
    let shape = icon.bounds(|x, y| icon.pixel(x, y)[3] > 60)?;
    if shape.width > thing.width + SLACK || shape.height > thing.height + SLACK {
        return None;
    }
    let visible: u64 = (shape.width * shape.height).into();
    let around = |thing_start: u32,
                  thing_size: u32,
                  shape_start: u32,
                  shape_size: u32,
                  whole: u32,
                  size: u32| {
        let middle = i64::from(thing_start) + i64::from(thing_size / 2)
            - i64::from(shape_start + shape_size / 2);
        let slack = i64::from(SLACK);
        (middle - slack..=middle + slack)
            .filter_map(move |start| u32::try_from(start).ok())
            .filter(move |start| start + size <= whole)
    };
    let rows = around(
        thing.y,
        thing.height,
        shape.y,
        shape.height,
        scene.height(),
        icon.height(),
    );
    let places = rows.flat_map(|y| {
        let columns = around(
            thing.x,
            thing.width,
            shape.x,
            shape.width,
            scene.width(),
            icon.width(),
        );
        columns.map(move |x| (x, y))
    });
    let fits = places.map(|(x, y)| {
        let sum = misfit(scene, (x, y), icon);
        (
            sum / visible,
            Area {
                x,
                y,
                width: icon.width(),
                height: icon.height(),
            },
        )
    });
    fits.min_by_key(|fit| fit.0)
}

/// How far the pixels of `scene` are from `icon` drawn at a point, in sum.
fn misfit(scene: &Picture, (left, top): (u32, u32), icon: &Picture) -> u64 {
    let points = || (0..icon.height()).flat_map(|y| (0..icon.width()).map(move |x| (x, y)));
    // A button under the pointer has a colour of its own, which shows where the icon is clear.
    let clear = points()
        .find(|(x, y)| icon.pixel(*x, *y)[3] == 0)
        .unwrap_or((0, 0));
    let ground = scene.pixel(left + clear.0, top + clear.1);
    points()
        .map(|(x, y)| {
            distance(
                scene.pixel(left + x, top + y),
                over(icon.pixel(x, y), ground),
            )
        })
        .sum()
}

/// What `colour` looks like when drawn over `ground`.
fn over(colour: [u8; 4], ground: [u8; 4]) -> [u8; 4] {
    let alpha = u32::from(colour[3]);
    let mix = |index: usize| {
        let sum = u32::from(colour[index]) * alpha + u32::from(ground[index]) * (255 - alpha);
        u8::try_from(sum / 255).unwrap_or(u8::MAX)
    };
    [mix(0), mix(1), mix(2), 255]
}

/// How far two colours are apart (0-255).
fn distance(a: [u8; 4], b: [u8; 4]) -> u64 {
    let part = |index: usize| u64::from(a[index].abs_diff(b[index]));
    (part(0) + part(1) + part(2)) / 3
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disc of one colour that fills a square up to a margin.
    fn disc(size: u32, colour: [u8; 3], hollow: bool) -> Picture {
        let middle = i64::from(size) / 2;
        let points = (0..i64::from(size))
            .flat_map(|y| (0..i64::from(size)).map(move |x| (x - middle, y - middle)));
        let radius = middle * 5 / 6;
        let inside = |(x, y): (i64, i64)| {
            let square = x * x + y * y;
            square < radius * radius && !(hollow && square < radius * radius / 2)
        };
        let pixels = points.flat_map(|point| {
            if inside(point) {
                [colour[0], colour[1], colour[2], 255]
            } else {
                [0; 4]
            }
        });
        Picture::new(size, size, pixels.collect())
    }

    /// A light panel with a line below it and `icon` on it.
    fn panel_with(icon: &Picture, x: u32, y: u32) -> Picture {
        let ground = |y| {
            if y == 25 {
                [120, 120, 120, 255]
            } else {
                [246, 245, 244, 255]
            }
        };
        let pixel = |px: u32, py: u32| {
            let within = px >= x && py >= y && px < x + icon.width() && py < y + icon.height();
            if within {
                over(icon.pixel(px - x, py - y), ground(py))
            } else {
                ground(py)
            }
        };
        let points = (0..26).flat_map(|y| (0..300).map(move |x| (x, y)));
        Picture::new(300, 26, points.flat_map(|(x, y)| pixel(x, y)).collect())
    }

    #[test]
    fn an_icon_is_found_at_its_place_and_size() {
        let icon = disc(44, [40, 170, 80], false);
        let scene = panel_with(&icon.scaled(16, 16), 5, 5);
        assert_eq!(
            find_icon(&scene, &icon),
            Some(Area {
                x: 5,
                y: 5,
                width: 16,
                height: 16
            })
        );
    }

    #[test]
    fn another_colour_or_shape_is_not_taken_for_it() {
        let icon = disc(44, [40, 170, 80], false);
        let scene = panel_with(&icon.scaled(22, 22), 40, 2);
        assert_eq!(find_icon(&scene, &disc(44, [230, 150, 20], false)), None);
        assert_eq!(find_icon(&scene, &disc(44, [40, 170, 80], true)), None);
        assert_eq!(
            find_icon(&panel_with(&disc(16, [246, 245, 244], false), 5, 5), &icon),
            None
        );
    }
}
