// Makes pages nicer; everything works without it.
const search = document.getElementById('search')
document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
  event.preventDefault()
  search?.focus()
})

document.getElementById('error-summary')?.focus()

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
