import numpy as np
def tile_images(images): 
    return np.concatenate(list(images))
