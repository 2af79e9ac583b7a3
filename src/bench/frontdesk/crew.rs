//! Everybody who takes part: agents at their consoles, visitors with chats that the agents took.

use super::super::load::{Job, Load};
use super::agent::{Agent, Follow, console};
use super::site::Site;
use super::visitor::{Habits, STARTS, Visitor, start_chats, widget};
use std::io;
use std::net::SocketAddr;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Chats that one console follows at most.
const FOLLOWED: usize = 20;

/// Everybody who takes part.
pub struct Crew {
    server: SocketAddr,
    agents: Vec<Agent>,
    consoles: Vec<Follow>,
    /// The chats of each agent.
    chats: Vec<Vec<i64>>,
    pub visitors: Vec<Visitor>,
}

impl Crew {
    /// Adds agents to a site that is not running yet, or runs.
    pub fn hire(site: &Site, agents: usize) -> io::Result<()> {
        (0..agents).try_for_each(|number| site.add_agent(number))
    }

    /// Logs agents in and opens their consoles.
    pub async fn open(load: &mut Load, server: SocketAddr, agents: usize) -> io::Result<Crew> {
        let mut crew = Crew {
            server,
            agents: Vec::new(),
            consoles: Vec::new(),
            chats: vec![Vec::new(); agents],
            visitors: Vec::new(),
        };
        for number in 0..agents {
            let agent = Agent::log_in(server, number).await?;
            let (follow, followed) = unbounded_channel();
            load.spawn(console(agent.connect().await?, followed, load.shared.clone()));
            crew.agents.push(agent);
            crew.consoles.push(follow);
        }
        Ok(crew)
    }

    /// Starts chats, which the agents take in turn and, as far as a console can, follow. `first` is the number of the
    /// first visitor, whose address and token were not used before.
    pub async fn start_chats(&mut self, first: usize, count: usize) -> io::Result<()> {
        let started = start_chats(self.server, first, count).await?;
        let mut taken = vec![Vec::new(); self.agents.len()];
        for (at, visitor) in started.iter().enumerate() {
            taken[at % self.agents.len()].push(visitor.chat);
        }
        let accepting = self.agents.iter().zip(&taken).map(|(agent, chats)| agent.accept(chats));
        futures::future::try_join_all(accepting).await?;
        for ((own, console), chats) in self.chats.iter_mut().zip(&self.consoles).zip(taken) {
            for chat in chats {
                if own.len() < FOLLOWED {
                    let _ = console.send(chat);
                }
                own.push(chat);
            }
        }
        self.visitors.extend(started);
        Ok(())
    }

    /// Visitors who start a chat, open their widget, are answered by one of the agents, end the chat and leave; `first` is the
    /// number of the first of them.
    pub async fn come_and_go(&self, first: usize, count: usize) -> io::Result<()> {
        for some in (first..first + count).collect::<Vec<_>>().chunks(STARTS) {
            let some = some.iter().map(async |number| {
                let visitor = Visitor::start(self.server, *number).await?;
                let socket = visitor.connect().await?;
                let agent = self.agents.get(number % self.agents.len()).ok_or(io::ErrorKind::NotFound)?;
                agent.accept(&[visitor.chat]).await?;
                visitor.end().await?;
                drop(socket);
                Ok::<(), io::Error>(())
            });
            futures::future::try_join_all(some).await?;
        }
        Ok(())
    }

    /// Goes on with chats from before the server was started again: the consoles follow them.
    pub fn go_on(&mut self, before: &Crew) {
        self.chats.clone_from(&before.chats);
        for (chats, console) in self.chats.iter().zip(&self.consoles) {
            for chat in chats.iter().take(FOLLOWED) {
                let _ = console.send(*chat);
            }
        }
        let server = self.server;
        self.visitors = before.visitors.iter().map(|visitor| Visitor { server, ..visitor.clone() }).collect();
    }

    /// Opens the visitors' widgets and lets them write when it is their turn.
    pub async fn visitors_write(&self, load: &mut Load) -> io::Result<()> {
        for visitor in &self.visitors {
            let jobs = self.widget_of(visitor, load, false).await?;
            load.people.push(jobs);
        }
        Ok(())
    }

    /// As people do: visitors type, write and read; agents answer as much as they are asked.
    pub async fn converse(&self, load: &mut Load) -> io::Result<()> {
        for visitor in &self.visitors {
            let jobs = self.widget_of(visitor, load, true).await?;
            load.people.push(jobs);
        }
        for (agent, chats) in self.agents.iter().zip(&self.chats) {
            let (jobs, due) = unbounded_channel();
            load.spawn(agent.clone().write(chats.clone(), due, load.shared.clone()));
            load.people.extend(std::iter::repeat_n(jobs, chats.len()));
        }
        Ok(())
    }

    async fn widget_of(&self, visitor: &Visitor, load: &mut Load, lively: bool) -> io::Result<UnboundedSender<Job>> {
        let (jobs, due) = unbounded_channel();
        let habits = Habits { reads: lively.then(|| jobs.clone()), types: lively };
        load.spawn(widget(visitor.connect().await?, visitor.chat, habits, load.shared.clone()));
        load.spawn(visitor.clone().write(due, load.shared.clone()));
        Ok(jobs)
    }
}
