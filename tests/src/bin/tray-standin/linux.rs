//! The stand-in itself.

use std::env;
use std::process::Command;
use std::thread;

use ksni::blocking::TrayMethods;
use ksni::menu::{CheckmarkItem, MenuItem, RadioGroup, RadioItem, StandardItem, SubMenu};
use ksni::{Icon, ToolTip, Tray};

const NAMES: [&str; 3] = ["Online", "Away", "Lunch"];
const COLOURS: [[u8; 3]; 3] = [[40, 170, 80], [230, 150, 20], [200, 60, 60]];

struct Standin {
    chosen: usize,
    sound: bool,
}

impl Tray for Standin {
    fn id(&self) -> String {
        "tray-standin".to_owned()
    }

    fn title(&self) -> String {
        "Stand-in".to_owned()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: NAMES[self.chosen].to_owned(),
            description: "since now".to_owned(),
            ..ToolTip::default()
        }
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        let [red, green, blue] = COLOURS[self.chosen];
        let inside = |index: i32| {
            let (x, y) = (index % 44 - 22, index / 44 - 22);
            x * x + y * y < 19 * 19
        };
        let pixel = |index| {
            if inside(index) {
                [255, red, green, blue]
            } else {
                [0; 4]
            }
        };
        vec![Icon {
            width: 44,
            height: 44,
            data: (0..44 * 44).flat_map(pixel).collect(),
        }]
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        say("left click");
        let command = env::var("STANDIN_ON_CLICK").unwrap_or_default();
        if let Some((program, args)) = command.split_whitespace().collect::<Vec<_>>().split_first()
        {
            let child = Command::new(program).args(args).spawn();
            thread::spawn(move || child.map(|mut child| child.wait()));
        }
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let statuses = RadioGroup {
            selected: self.chosen,
            select: Box::new(|tray: &mut Self, index| {
                tray.chosen = index;
                say(&format!("picked {}", NAMES[index]));
            }),
            options: NAMES
                .map(|name| RadioItem {
                    label: name.to_owned(),
                    ..RadioItem::default()
                })
                .into(),
        };
        let minutes = |count: u32| {
            StandardItem {
                label: format!("{count} min"),
                activate: Box::new(move |_: &mut Self| say(&format!("for {count}"))),
                ..StandardItem::default()
            }
            .into()
        };
        vec![
            StandardItem {
                label: format!("{} since now", NAMES[self.chosen]),
                enabled: false,
                ..StandardItem::default()
            }
            .into(),
            MenuItem::Separator,
            statuses.into(),
            MenuItem::Separator,
            SubMenu {
                label: "For…".to_owned(),
                submenu: [15, 30, 60].map(minutes).into(),
                ..SubMenu::default()
            }
            .into(),
            CheckmarkItem {
                label: "Sound".to_owned(),
                checked: self.sound,
                activate: Box::new(|tray: &mut Self| {
                    tray.sound = !tray.sound;
                    say(&format!("sound {}", tray.sound));
                }),
                ..CheckmarkItem::default()
            }
            .into(),
            StandardItem {
                label: "Quit".to_owned(),
                activate: Box::new(|_: &mut Self| std::process::exit(0)),
                ..StandardItem::default()
            }
            .into(),
        ]
    }
}

#[expect(clippy::print_stdout, reason = "the tests read what it says")]
fn say(line: &str) {
    println!("{line}");
}

/// Runs until it is ended.
pub(crate) fn run() {
    let tray = Standin {
        chosen: 0,
        sound: false,
    };
    let _handle = tray
        .assume_sni_available(true)
        .spawn()
        .expect("there is a session bus");
    loop {
        thread::park();
    }
}
