/* SPDX-License-Identifier: MIT */
#ifndef AGENT_VERSION_H
#define AGENT_VERSION_H

#define AGENT_VERSION "0.1.0"
#define PROTOCOL_VERSION 3

#if defined(__x86_64__)
#define AGENT_ARCH "x86_64"
#elif defined(__aarch64__)
#define AGENT_ARCH "aarch64"
#else
#error "the agent is built for x86_64 and aarch64"
#endif

#endif
