import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FolderInUseError, lockFolder } from '../../src/lib/folder-lock.ts'

function folderForTest(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyhook-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** A process that takes the lock of `folder` as soon as it gets a line, says how that went, and stays. */
async function otherProcess(folder: string): Promise<{ child: ChildProcess; go(): Promise<string> }> {
  const lock = new URL('../../src/lib/folder-lock.ts', import.meta.url).href
  const script = `
    const { lockFolder } = await import(${JSON.stringify(lock)})
    console.log('ready')
    process.stdin.once('data', () =>
      lockFolder(${JSON.stringify(folder)}).then(() => console.log('locked'), (error) => console.log(error.name)))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const line = async () => String((await once(child.stdout, 'data'))[0]).trim()
  expect(await line()).toBe('ready')
  return {
    child,
    async go() {
      child.stdin.write('go\n')
      return line()
    },
  }
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

test('a second lock of the same folder is refused until the first is released', async () => {
  const folder = folderForTest()
  const first = await lockFolder(folder)
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUseError)
  await first.release()
  const second = await lockFolder(folder)
  await second.release()
})

test('another process is refused, and refuses', async () => {
  const folder = folderForTest()
  const other = await otherProcess(folder)
  expect(await other.go()).toBe('locked')
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUseError)
})

test('a lock is free after its owner was killed', async () => {
  const folder = folderForTest()
  const other = await otherProcess(folder)
  expect(await other.go()).toBe('locked')
  await kill(other.child)
  const lock = await lockFolder(folder)
  await lock.release()
})

test('of several that find the lock of a killed owner one gets it, and keeps it', async () => {
  const folder = folderForTest()
  const owner = await otherProcess(folder)
  await owner.go()
  await kill(owner.child)
  const processes = await Promise.all([1, 2, 3, 4].map(() => otherProcess(folder)))
  const results = await Promise.all(processes.map(({ go }) => go()))
  expect(results.filter((result) => result === 'locked').length).toBeLessThanOrEqual(1)
  if (results.includes('locked')) await expect(lockFolder(folder)).rejects.toThrow(FolderInUseError)
})

test('an owner that does not answer still has the lock', async () => {
  const folder = folderForTest()
  const other = await otherProcess(folder)
  expect(await other.go()).toBe('locked')
  other.child.kill('SIGSTOP')
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUseError)
  other.child.kill('SIGCONT')
})

test('a folder reached by another path is the same folder', async () => {
  const folder = folderForTest()
  const link = `${folder}-link`
  symlinkSync(folder, link)
  onTestFinished(() => rmSync(link))
  const lock = await lockFolder(folder)
  await expect(lockFolder(link)).rejects.toThrow(FolderInUseError)
  await lock.release()
})

test('folders with paths longer than a socket address are told apart', async () => {
  const long = path.join(folderForTest(), 'd'.repeat(120))
  const [one, two] = [path.join(long, 'one'), path.join(long, 'two')]
  mkdirSync(one, { recursive: true })
  mkdirSync(two)
  const first = await lockFolder(one)
  await expect(lockFolder(one)).rejects.toThrow(FolderInUseError)
  const second = await lockFolder(two)
  await first.release()
  await second.release()
})

test('a file in the place of the socket is no lock', async () => {
  const folder = folderForTest()
  writeFileSync(path.join(folder, 'keyhook.sock'), 'left behind')
  const lock = await lockFolder(folder)
  await lock.release()
})
