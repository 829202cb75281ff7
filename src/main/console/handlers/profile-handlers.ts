import type { ProfileFolder } from '../../workspace/profile-folder'
import type { Handlers } from './handlers'

type ProfileCommand = 'profiles.list' | 'profile.save' | 'profile.remove'

export const profileHandlers = (profiles: ProfileFolder): Pick<Handlers, ProfileCommand> => ({
  'profiles.list': () => ({ profiles: profiles.list() }),
  'profile.save': async ({ tags = [], ...rest }) => ({ profile: await profiles.save({ ...rest, tags }) }),
  'profile.remove': async ({ name }) => {
    await profiles.remove(name)
    return {}
  },
})
