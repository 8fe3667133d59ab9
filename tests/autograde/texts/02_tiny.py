# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A tiny chapter
#
# It exists so that building and grading can be tested without a real one.

# %%
import numpy as np
from dlcourse_utils import check, needs

# %% [markdown]
# ### 02.relu · ReLU

# %% nbgrader={"grade": false, "grade_id": "02-relu", "locked": false, "schema_version": 3, "solution": true}
def relu(z):
    """Negative numbers become 0."""
    ### BEGIN SOLUTION
    return np.where(z > 0, z, np.zeros_like(z))
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "02-relu-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("02.relu", relu)

# %% [markdown]
# ### 02.softmax · Softmax

# %% nbgrader={"grade": false, "grade_id": "02-softmax", "locked": false, "schema_version": 3, "solution": true}
def softmax(z):
    """Turn each row of logits into probabilities."""
    ### BEGIN SOLUTION
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "02-softmax-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("02.softmax", softmax)

# %%
with needs("02.softmax"):
    print(softmax(np.array([[0.0, 1.0]])))

# %% tags=["demo"]
raise RuntimeError("an illustration is not run under grading")

# %% [markdown]
# ### 02.accuracy · Accuracy

# %% nbgrader={"grade": false, "grade_id": "02-accuracy", "locked": false, "schema_version": 3, "solution": true}
def accuracy(logits, labels):
    """The share of samples whose largest logit is the label's."""
    ### BEGIN SOLUTION
    return float((logits.argmax(axis=1) == labels).mean())
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "02-accuracy-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("02.accuracy", accuracy)
