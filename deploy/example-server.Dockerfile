# The reference server "everything", for trying the composition out. Put your own server in its place.
FROM node:22.12.0-alpine
RUN npm install --global --ignore-scripts @modelcontextprotocol/server-everything@2026.8.31
USER node
ENV PORT=3001
EXPOSE 3001
CMD ["mcp-server-everything", "streamableHttp"]
