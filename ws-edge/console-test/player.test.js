import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Player } from '../src/main/resources/io/runwire/edge/console/player.js';

/** Events at these times, and a screen that is drawn when the test says so. */
function playing(times, speed = '1×') {
  const recording = {
    length: times.length,
    lastsMs: times.at(-1),
    at: (n) => times[Math.min(n, times.length) - 1] ?? 0,
    countAt: (ms) => times.filter((each) => each <= ms).length,
  };
  const frames = [];
  const player = new Player(
    recording,
    () => {},
    (then) => frames.push(then),
  );
  const draw = (now) => frames.splice(0).forEach((then) => then(now));
  player.choose(speed);
  return { player, draw, recording };
}

test('plays in the time in which it happened', () => {
  const { player, draw } = playing([0, 100, 1_000]);
  player.toggle();
  draw(5_000);
  assert.equal(player.position, 0);
  draw(5_050);
  assert.equal(player.position, 1);
  draw(5_100);
  assert.equal(player.position, 2);
  draw(5_999);
  assert.equal(player.position, 2);
  draw(6_000);
  assert.deepEqual([player.position, player.playing], [3, false]);
});

test('plays ten times faster', () => {
  const { player, draw } = playing([0, 100, 1_000], '10×');
  player.toggle();
  draw(0);
  draw(10);
  assert.equal(player.position, 2);
  draw(100);
  assert.deepEqual([player.position, player.playing], [3, false]);
});

test('at the highest speed pauses of the run take no time', () => {
  const { player, draw } = playing([0, 86_400_000], 'Max');
  player.toggle();
  draw(0);
  draw(16);
  draw(32);
  assert.deepEqual([player.position, player.playing], [2, false]);
});

test('who pauses and plays at once does not play twice as fast', () => {
  const { player, draw } = playing([0, 100, 1_000]);
  player.toggle();
  draw(0);
  player.toggle();
  player.toggle();
  draw(0);
  draw(50);
  assert.equal(player.clock, 50);
});

test('a step pauses, and stays within the run', () => {
  const { player } = playing([0, 100, 1_000]);
  player.toggle();
  player.step(1);
  assert.deepEqual([player.playing, player.position, player.clock], [false, 1, 0]);
  player.step(-1);
  player.step(-1);
  assert.equal(player.position, 0);
  player.seek(Infinity);
  player.step(1);
  assert.deepEqual([player.position, player.clock], [3, 1_000]);
});

test('the slider of time stands where it was put, between two events', () => {
  const { player } = playing([0, 100, 1_000]);
  player.seekTime(640);
  assert.deepEqual([player.position, player.clock], [2, 640]);
});

test('while the run comes in its end is shown, until somebody moves', () => {
  const times = [0, 100];
  const { player, recording } = playing(times);
  player.grown();
  assert.equal(player.position, 2);
  player.step(-1);
  times.push(200);
  recording.length = 3;
  player.grown();
  assert.equal(player.position, 1);
});

test('from the end it begins anew', () => {
  const { player } = playing([0, 100]);
  player.seek(2);
  player.toggle();
  assert.deepEqual([player.position, player.playing], [0, true]);
});
