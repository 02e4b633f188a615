import { Argument, type Command, type Option } from 'commander'
import { ledgerColumns } from '../../contract/ledger.ts'
import { runStatuses } from '../../contract/run.ts'
import { schemeIds } from '../../contract/schemes.ts'
import { runTraits } from '../../findings/ledgerFilter.ts'
import { print } from './terminal.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/** A word that can stand at a place of the command line, and what it is for. */
type Word = { readonly word: string; readonly about: string }

type Completable = { readonly name: string; readonly about: string; readonly options: readonly Word[] }

export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('print a completion script: add `source <(lab completion bash)` to ~/.bashrc')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .option('--name <name>', 'what you call the lab by, such as an alias', 'lab')
    .action((shell: (typeof shells)[number], { name }: { name: string }) => {
      print(scripts[shell](name, program.commands.map(completable)))
    })
}

function completable(command: Command): Completable {
  return {
    name: command.name(),
    about: command.description(),
    options: command.options.map((option: Option) => ({
      word: option.long ?? option.flags,
      about: option.description,
    })),
  }
}

/** What a filter of runs can be, as far as it can be told without a database. */
const filterWords = [
  ...['run:', 'device:', 'kernel:', 'tag:', 'name:', 'note:', 'size:', 'date:'],
  ...schemeIds.map(id => `scheme:${id}`),
  ...runStatuses.map(status => `status:${status}`),
  ...runTraits.map(trait => `is:${trait}`),
]

const scripts: Record<(typeof shells)[number], (name: string, commands: readonly Completable[]) => string> = {
  bash: bashScript,
  zsh: (name, commands) => `autoload -U +X bashcompinit && bashcompinit\n${bashScript(name, commands)}`,
  fish: fishScript,
}

/** `--schemes a,b` completes the last of its list; every other value is a file's name or nothing. */
function bashScript(name: string, commands: readonly Completable[]): string {
  const cases = commands.map(
    ({ name, options }) => `    ${name}) words="${options.map(({ word }) => word).join(' ')} --help" ;;`,
  )
  return [
    '_dmabuf_lab() {',
    '  local word="$2" before="$3" words=""',
    '  if [ "$before" = --schemes ]; then',
    `    local head="" ; case "$word" in *,*) head="\${word%,*}," ;; esac`,
    `    COMPREPLY=($(compgen -P "$head" -W "all ${schemeIds.join(' ')}" -- "\${word##*,}"))`,
    '    return',
    '  fi',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${commands.map(each => each.name).join(' ')} --help --version" -- "$word"))`,
    '    return',
    '  fi',
    '  if [ "$before" = --sort ]; then',
    `    COMPREPLY=($(compgen -W "${ledgerColumns.join(' ')}" -- "$word"))`,
    '    return',
    '  fi',
    // Bash takes a colon for the end of a word, unless it is told otherwise: what stands before one is cut off.
    `  if [ "\${COMP_WORDS[1]}" = runs ] && [ "\${word#-}" = "$word" ]; then`,
    `    local line="\${COMP_LINE:0:COMP_POINT}"`,
    `    local typed="\${line##* }"`,
    `    COMPREPLY=($(compgen -W "${filterWords.join(' ')}" -- "$typed"))`,
    '    case "$COMP_WORDBREAKS" in *:*) case "$typed" in *:*)',
    `      COMPREPLY=("\${COMPREPLY[@]#"\${typed%:*}:"}") ;; esac ;; esac`,
    '    return',
    '  fi',
    `  case "\${COMP_WORDS[1]}" in`,
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '}',
    `complete -o default -F _dmabuf_lab ${name}`,
  ].join('\n')
}

function fishScript(name: string, commands: readonly Completable[]): string {
  const names = commands.map(each => each.name).join(' ')
  return [
    `complete -c ${name} -n "not __fish_seen_subcommand_from ${names}" -f`,
    ...commands.flatMap(command => [
      `complete -c ${name} -n "not __fish_seen_subcommand_from ${names}" -a ${command.name} -d ${quoted(command.about)}`,
      ...(command.name === 'runs'
        ? [`complete -c ${name} -n "__fish_seen_subcommand_from runs" -f -a "${filterWords.join(' ')}"`]
        : []),
      ...command.options.map(({ word, about }) => {
        const values = valuesOf(word)
        const long = word.replace(/^--/, '')
        return `complete -c ${name} -n "__fish_seen_subcommand_from ${command.name}" -l ${long} -d ${quoted(about)}${values}`
      }),
    ]),
  ].join('\n')
}

function valuesOf(option: string): string {
  if (option === '--schemes') return ` -x -a "all ${schemeIds.join(' ')}"`
  return option === '--sort' ? ` -x -a "${ledgerColumns.join(' ')}"` : ''
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`
}
