/** npm `jose`, for what stands beside this folder: it is installed here and nowhere else. */
export * from 'jose'
