"""Programs that throw bytes at Vigie for as long as they are left to; atheris drives them."""
