import { type JSX, useCallback, useEffect, useState } from 'react'
import { toWireError, type WireError } from '../../../shared/errors'
import { MAX_SECRET_LENGTH, type SecretState } from '../../../shared/model/drafts'
import type { Environment } from '../../../shared/workspace/workspace-types'
import { useSession } from '../../store/session-context'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import type { ScreenPoint } from '../../ui/Menu'
import { TextPrompt } from '../../ui/TextPrompt'
import { SecretPrompt } from './SecretPrompt'
import { texts } from './texts'

interface EnvironmentFormProps {
  readonly name: string
  readonly environment: Environment
  readonly isSaved: boolean
  readonly onChange: (environment: Environment) => void
}

/** Variables with their values, and secrets with where their values are. */
export function EnvironmentForm({ name, environment, isSaved, onChange }: EnvironmentFormProps): JSX.Element {
  const variables = Object.entries(environment.variables)
  const [adding, setAdding] = useState<{
    readonly what: 'variable' | 'secret'
    readonly at: ScreenPoint
  } | null>(null)
  const put = (rows: readonly (readonly [string, string])[]): void =>
    onChange({ ...environment, variables: Object.fromEntries(rows) })
  const ask = (what: 'variable' | 'secret', button: HTMLElement): void => {
    const { left, bottom } = button.getBoundingClientRect()
    setAdding({ what, at: { x: left, y: bottom + 4 } })
  }
  return (
    <div className="environment-form scrolls">
      <h3>{texts.variables}</h3>
      {variables.map(([variable, value], index) => (
        <div key={variable} className="environment-row">
          <span className="mono ell" title={variable}>
            {variable}
          </span>
          <span className="field">
            <input
              className="mono"
              aria-label={texts.variableValue(index + 1)}
              spellCheck={false}
              value={value}
              onChange={(event) =>
                put(variables.map((row, at) => (at === index ? [variable, event.target.value] : row)))
              }
            />
          </span>
          <button
            type="button"
            className="btn ghost sm sq"
            aria-label={texts.removeNamed(variable)}
            title={texts.removeNamed(variable)}
            onClick={() => put(variables.filter((_, at) => at !== index))}
          >
            <Icon name="x" small />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="btn ghost sm"
        onClick={(event) => ask('variable', event.currentTarget)}
      >
        <Icon name="plus" small />
        {texts.addVariable}
      </button>
      <h3>{texts.secrets}</h3>
      <p className="t3">{texts.secretsNote}</p>
      <SecretRows
        name={name}
        secrets={environment.secrets}
        isSaved={isSaved}
        onRemove={(secret) =>
          onChange({ ...environment, secrets: environment.secrets.filter((one) => one !== secret) })
        }
      />
      <button type="button" className="btn ghost sm" onClick={(event) => ask('secret', event.currentTarget)}>
        <Icon name="plus" small />
        {texts.addSecret}
      </button>
      {adding !== null && (
        <TextPrompt
          label={adding.what === 'secret' ? texts.secretName : texts.addVariable}
          at={adding.at}
          initial=""
          placeholder={texts.variablePlaceholder}
          save={texts.create}
          maxLength={64}
          isMono
          onSave={(added) => {
            if (added === '') return
            if (adding.what === 'variable') put([...variables, [added, '']])
            else onChange({ ...environment, secrets: [...new Set([...environment.secrets, added])] })
          }}
          onClose={() => setAdding(null)}
        />
      )}
    </div>
  )
}

interface SecretRowsProps {
  readonly name: string
  readonly secrets: readonly string[]
  readonly isSaved: boolean
  readonly onRemove: (secret: string) => void
}

function SecretRows({ name, secrets, isSaved, onRemove }: SecretRowsProps): JSX.Element {
  const { client } = useSession()
  const [states, setStates] = useState<readonly SecretState[]>([])
  const [problem, setProblem] = useState<WireError | null>(null)
  const [asking, setAsking] = useState<{ readonly secret: string; readonly at: ScreenPoint } | null>(null)
  const refresh = useCallback(() => {
    client.call('secrets.list', { environment: name }).then(
      (reply) => setStates(reply.secrets),
      () => setStates([]), // the file has a mistake, or is gone: both are shown at the file
    )
  }, [client, name])
  useEffect(() => {
    if (isSaved) refresh()
  }, [refresh, isSaved])
  const change = (work: Promise<unknown>): void => {
    work.then(
      () => {
        setProblem(null)
        refresh()
      },
      (error: unknown) => setProblem(toWireError(error)),
    )
  }
  return (
    <>
      {secrets.map((secret) => {
        const source = states.find((state) => state.name === secret)?.source ?? 'none'
        return (
          <div key={secret} className="environment-row">
            <span className="mono ell" title={secret}>
              {secret}
            </span>
            <span className={source === 'none' || source === 'locked' ? 'warn ell' : 't2 ell'}>
              {isSaved ? texts.sources[source] : texts.saveFirst}
            </span>
            <span className="environment-acts">
              <button
                type="button"
                className="btn sm"
                disabled={!isSaved}
                aria-label={texts.setSecretOf(secret)}
                onClick={(event) => {
                  const { left, bottom } = event.currentTarget.getBoundingClientRect()
                  setAsking({ secret, at: { x: left, y: bottom + 4 } })
                }}
              >
                {texts.setSecret}
              </button>
              <button
                type="button"
                className="btn ghost sm"
                disabled={source !== 'file' && source !== 'key-store'}
                aria-label={texts.forgetOf(secret)}
                onClick={() => change(client.call('secret.forget', { environment: name, name: secret }))}
              >
                {texts.forget}
              </button>
              <button
                type="button"
                className="btn ghost sm sq"
                aria-label={texts.removeNamed(secret)}
                title={texts.removeNamed(secret)}
                onClick={() => onRemove(secret)}
              >
                <Icon name="x" small />
              </button>
            </span>
          </div>
        )
      })}
      {problem !== null && (
        <p className="err" role="alert">
          {sentences(problem.message, problem.remedy)}
        </p>
      )}
      {asking !== null && (
        <SecretPrompt
          label={texts.secretValue(asking.secret)}
          at={asking.at}
          maxLength={MAX_SECRET_LENGTH}
          onSave={(value) =>
            change(client.call('secret.set', { environment: name, name: asking.secret, value }))
          }
          onClose={() => setAsking(null)}
        />
      )}
    </>
  )
}
