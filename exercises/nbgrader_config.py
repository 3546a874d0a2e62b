"""Settings of the course for nbgrader 0.9; the package grading reads them, too.

nbgrader's own commands work in this folder as well, for whoever prefers its gradebook and its
formgrader: `cd exercises; nbgrader generate_assignment 01_vanilla_gan`.
"""

c = get_config()  # noqa: F821  nbgrader defines it

c.CourseDirectory.course_id = "gan_notebooks"

# What stands in the student's version in the place of a solution.
c.ClearSolutions.code_stub = {
    "python": "# YOUR CODE HERE\n"
    'raise NotImplementedError("Student exercise: write this, then run the cell again.")'
}
c.ClearSolutions.text_stub = "*Write your answer here.*"

# nbgrader cuts a cell off after 30 seconds; two trainings on a slow machine take longer.
c.Execute.timeout = 90
