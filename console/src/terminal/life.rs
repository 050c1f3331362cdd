//! The loop: something happens, the model changes, effects begin, a picture is drawn if anything changed.

use super::draft::Drafts;
use super::guard::Guard;
use super::pace::Pace;
use super::{attached, hand_over, hang_up, input, look};
use crate::app::desk::Goal;
use crate::app::message::{Effect, Msg};
use crate::app::place::Place;
use crate::app::request::Problem;
use crate::app::{Model, update};
use crate::args::Global;
use crate::client::link::Link;
use crate::client::{Client, perform};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::screen;
use crate::theme::Look;
use crossterm::event::EventStream;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use crossterm::{clipboard::CopyToClipboard, execute};
use futures::StreamExt;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use std::io::{self, BufWriter, Stdout};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinSet;

/// Messages that may wait; whoever tells more waits too.
const WAITING: usize = 256;
/// Bytes that terminals take for their clipboard.
const CLIPBOARD: usize = 74_000;

type Screen = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// The console from its first picture to its end.
pub async fn run(global: &Global, ascii: bool, place: Place) -> Result<(), Failure> {
    let look = look::look(ascii, global.color, |name| std::env::var(name).ok());
    let mut life = Life::begin(global, look, place).map_err(Failure::Terminal)?;
    let result = life.go_on().await;
    life.end();
    result.map_err(Failure::Terminal)
}

struct Life {
    guard: Option<Guard>,
    terminal: Screen,
    keys: Option<EventStream>,
    look: Look,
    model: Model,
    /// What the link tells.
    told: mpsc::Receiver<Msg>,
    client: watch::Receiver<Option<Arc<Client>>>,
    connect_now: Arc<Notify>,
    drafts: Option<Drafts>,
    gone: oneshot::Receiver<()>,
    tasks: JoinSet<Option<Told>>,
    over: bool,
}

/// What came of an effect.
struct Told {
    msg: Box<Msg>,
    awaited: Awaited,
}

/// Whether a person waits for what comes: it follows from a key, and its picture does not wait for its turn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Awaited {
    Yes,
    No,
}

/// What woke the loop.
enum Woken {
    Told(Told),
    Draw,
    End,
    Nothing,
}

impl Woken {
    fn by(msg: Msg, awaited: Awaited) -> Self {
        Self::Told(Told { msg: Box::new(msg), awaited })
    }
}

impl Life {
    fn begin(global: &Global, look: Look, place: Place) -> io::Result<Self> {
        let (tell, told) = mpsc::channel(WAITING);
        let (client_to, client) = watch::channel(None);
        let connect_now = Arc::new(Notify::new());
        let socket = global.socket();
        let drafts = Drafts::of_process(&socket);
        let link = Link { socket, timeout: global.timeout, tell, client: client_to, now: Arc::clone(&connect_now) };
        let mut tasks = JoinSet::new();
        tasks.spawn_local(async move {
            link.keep().await;
            None
        });
        let guard = Some(Guard::take()?);
        let terminal = screen_of_process()?;
        let size = terminal.size()?;
        let mut model = Model::new(Clock::system(), host(), (size.width, size.height));
        model.desk.goal = Some(Goal::Place(place)).filter(|_| place != Place::Home);
        let (keys, gone) = (Some(EventStream::new()), hang_up::watch());
        Ok(Self { guard, terminal, keys, look, model, told, client, connect_now, drafts, gone, tasks, over: false })
    }

    async fn go_on(&mut self) -> io::Result<()> {
        let mut ticks = tokio::time::interval(Duration::from_secs(1));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let mut ends = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt()]
            .into_iter()
            .map(signal)
            .collect::<io::Result<Vec<_>>>()?;
        let (mut changed, mut awaited, mut pace) = (true, Awaited::No, Pace::new(std::time::Instant::now()));
        while !self.over {
            if changed && pace.pays(std::time::Instant::now()) {
                self.draw()?;
                (changed, awaited) = (false, Awaited::No);
            }
            let signalled = futures::future::select_all(ends.iter_mut().map(|end| Box::pin(end.recv())));
            let woken = tokio::select! {
                biased;
                _ = signalled => Woken::End,
                // The terminal is gone; a closed channel means that nobody watches it, which ends us as well.
                _ = &mut self.gone => Woken::End,
                event = next_key(&mut self.keys) => match event {
                    Some(Ok(event)) => {
                        input::message(event).map_or(Woken::Nothing, |msg| Woken::by(msg, Awaited::Yes))
                    }
                    Some(Err(_)) | None => Woken::End,
                },
                Some(msg) = self.told.recv() => Woken::by(msg, Awaited::No),
                _ = ticks.tick() => Woken::by(Msg::Tick, Awaited::No),
                Some(done) = self.tasks.join_next() => match done {
                    Ok(told) => told.map_or(Woken::Nothing, Woken::Told),
                    // A task that panicked has given the terminal back already: go on to the end.
                    Err(_) => Woken::End,
                },
                // Behind all that is there already: keys that are held down share their pictures.
                () = std::future::ready(()), if changed && awaited == Awaited::Yes => Woken::Draw,
                () = tokio::time::sleep_until(pace.next().into()), if changed => Woken::Nothing,
            };
            match woken {
                Woken::Told(told) => {
                    changed = true;
                    if told.awaited == Awaited::Yes {
                        awaited = Awaited::Yes;
                    }
                    self.take(told).await?;
                }
                Woken::Draw => {
                    self.draw()?;
                    (changed, awaited) = (false, Awaited::No);
                }
                Woken::End => break,
                Woken::Nothing => {}
            }
        }
        Ok(())
    }

    async fn take(&mut self, Told { msg, awaited }: Told) -> io::Result<()> {
        self.model.desk.clock.now = Clock::system().now;
        for effect in update(&mut self.model, *msg) {
            self.carry_out(effect, awaited).await?;
        }
        Ok(())
    }

    async fn carry_out(&mut self, effect: Effect, awaited: Awaited) -> io::Result<()> {
        match effect {
            Effect::Ask { from, request } => {
                let client = self.client.borrow().clone();
                self.tasks.spawn_local(async move {
                    let asked = request.clone();
                    let result = match client {
                        Some(client) => Box::pin(perform::perform(&client, asked)).await,
                        None => Err(Problem::offline()),
                    };
                    let msg = Box::new(Msg::Answered { from, request, result: Box::new(result) });
                    Some(Told { msg, awaited })
                });
            }
            Effect::ConnectNow => self.connect_now.notify_one(),
            Effect::Quit => self.over = true,
            Effect::Redraw => self.begin_anew()?,
            Effect::Copy(text) => self.copy(&text)?,
            Effect::KeepDraft { name, text } => {
                if let Some(drafts) = &self.drafts
                    && let Err(error) = drafts.keep(&name, &text)
                {
                    self.later(Msg::Trouble(format!("the draft cannot be kept: {error}")));
                }
            }
            Effect::LoadDraft(name) => {
                if let Some(text) = self.drafts.as_ref().and_then(|drafts| drafts.load(&name)) {
                    self.later(Msg::Draft { name, text });
                }
            }
            Effect::LookAtFile { draft, path } => {
                self.tasks.spawn_local(async move {
                    let looked = tokio::task::spawn_blocking(move || attached::look(&path)).await;
                    let result = looked.unwrap_or_else(|error| Err(error.to_string()));
                    Some(Told { msg: Box::new(Msg::FileSeen { draft, result }), awaited: Awaited::Yes })
                });
            }
            Effect::Suspend => {
                self.give_away();
                let suspended = hand_over::suspend().await;
                self.take_back()?;
                suspended?;
            }
            Effect::Pager(text) => {
                self.give_away();
                let shown = hand_over::page(text).await;
                self.take_back()?;
                if let Err(error) = shown {
                    self.later(Msg::Trouble(format!("the pager cannot be started: {error}")));
                }
            }
            Effect::Editor { from, text, ending } => {
                self.give_away();
                let edited = hand_over::edit(from, text, ending).await;
                self.take_back()?;
                self.later(edited);
            }
        }
        Ok(())
    }

    /// Tells the model something once this message is done with.
    fn later(&mut self, msg: Msg) {
        let told = Told { msg: Box::new(msg), awaited: Awaited::Yes };
        self.tasks.spawn_local(async move { Some(told) });
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        let said = match text.len() {
            ..=CLIPBOARD => {
                execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))?;
                "sent to your terminal's clipboard, if it takes it"
            }
            _ => "too long for a terminal's clipboard: o opens it in your pager",
        };
        self.later(Msg::Trouble(said.to_owned()));
        Ok(())
    }

    fn draw(&mut self) -> io::Result<()> {
        self.model.desk.clock.now = Clock::system().now;
        let (model, look) = (&self.model, self.look);
        execute!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| screen::draw(model, look, frame))?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
    }

    /// The reader of keys goes too: it would take them from the editor.
    fn give_away(&mut self) {
        self.keys = None;
        self.guard = None;
    }

    fn take_back(&mut self) -> io::Result<()> {
        self.guard = Some(Guard::take()?);
        self.keys = Some(EventStream::new());
        self.begin_anew()
    }

    /// Draws everything next time. `Terminal::clear` would ask the terminal where its cursor is, which must not be
    /// done beside the reader of keys.
    fn begin_anew(&mut self) -> io::Result<()> {
        execute!(io::stdout(), Clear(ClearType::All))?;
        self.terminal = screen_of_process()?;
        Ok(())
    }

    /// What is being written is kept; the terminal is given back.
    fn end(mut self) {
        let effects = self.model.keep_drafts();
        for effect in effects {
            if let (Effect::KeepDraft { name, text }, Some(drafts)) = (effect, &self.drafts) {
                // Nobody is left to tell.
                drop(drafts.keep(&name, &text));
            }
        }
        self.give_away();
    }
}

fn screen_of_process() -> io::Result<Screen> {
    Terminal::new(CrosstermBackend::new(BufWriter::new(io::stdout())))
}

async fn next_key(keys: &mut Option<EventStream>) -> Option<io::Result<crossterm::event::Event>> {
    match keys {
        Some(keys) => keys.next().await,
        None => std::future::pending().await,
    }
}

/// The name of this machine, up to its first dot.
fn host() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    name.split('.').next().unwrap_or_default().to_owned()
}
