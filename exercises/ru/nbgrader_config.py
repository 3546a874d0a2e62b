"""Settings of the Russian exercises: those of the English ones, with other words."""

c = get_config()  # noqa: F821  nbgrader defines it
load_subconfig("../nbgrader_config.py")  # noqa: F821

c.ClearSolutions.code_stub = {
    "python": "# ВАШ КОД\n"
    'raise NotImplementedError("Упражнение: напишите этот код и запустите ячейку ещё раз.")'
}
c.ClearSolutions.text_stub = "*Напишите ответ здесь.*"
