/** The one principal that is neither a user nor a group: whoever is an administrator at the moment. */
export const administrators = 'administrators'
