// Makes pages nicer; everything works without it.
const search = document.getElementById('search')
document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
  event.preventDefault()
  search?.focus()
})

document.getElementById('error-summary')?.focus()

// A picture that is wider than the screen opens at its latest end.
for (const picture of document.querySelectorAll('.picture-scroll, .lanes-scroll'))
  picture.scrollLeft = picture.scrollWidth

// A filter that is ticked applies at once; empty fields stay out of the address.
const facets = document.querySelector('.facets')
facets?.addEventListener('change', (event) => {
  if (event.target instanceof HTMLInputElement && event.target.type === 'checkbox') facets.requestSubmit()
})
for (const form of document.querySelectorAll('form[method="get"]')) {
  form.addEventListener('submit', () => {
    for (const field of form.elements) if ('name' in field && field.name && field.value === '') field.disabled = true
  })
}

// One more row of the same fields: parties, places, relations, notes.
for (const part of document.querySelectorAll('.form-part:has(> .row-fields)')) {
  const rows = [...part.querySelectorAll(':scope > .row-fields')]
  const last = rows.at(-1)
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'btn btn-sm add-row'
  button.textContent = 'Add a row'
  button.addEventListener('click', () => {
    const row = last.cloneNode(true)
    const number = part.querySelectorAll(':scope > .row-fields').length + 1
    for (const element of row.querySelectorAll('[id]')) {
      row.querySelector(`[for="${element.id}"]`)?.setAttribute('for', `${element.id}_added_${number}`)
      element.id = `${element.id}_added_${number}`
    }
    for (const field of row.querySelectorAll('input')) field.value = ''
    for (const field of row.querySelectorAll('select')) field.selectedIndex = 0
    row.querySelector('.field-choice')?.remove()
    button.before(row)
    row.querySelector('input, select').focus()
  })
  last.after(button)
}
