/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system calls of Linux i386, by number from 0 on: CALL(name) for each, and
 * NONE for a number that means nothing.
 */
#pragma once

/* clang-format off */
#define SYSCALLS(CALL, NONE) \
	/* 0 */ CALL(restart_syscall) CALL(exit) CALL(fork) CALL(read) \
	CALL(write) CALL(open) CALL(close) CALL(waitpid) CALL(creat) \
	CALL(link) \
	/* 10 */ CALL(unlink) CALL(execve) CALL(chdir) CALL(time) CALL(mknod) \
	CALL(chmod) CALL(lchown) CALL(break) CALL(oldstat) CALL(lseek) \
	/* 20 */ CALL(getpid) CALL(mount) CALL(umount) CALL(setuid) \
	CALL(getuid) CALL(stime) CALL(ptrace) CALL(alarm) CALL(oldfstat) \
	CALL(pause) \
	/* 30 */ CALL(utime) CALL(stty) CALL(gtty) CALL(access) CALL(nice) \
	CALL(ftime) CALL(sync) CALL(kill) CALL(rename) CALL(mkdir) \
	/* 40 */ CALL(rmdir) CALL(dup) CALL(pipe) CALL(times) CALL(prof) \
	CALL(brk) CALL(setgid) CALL(getgid) CALL(signal) CALL(geteuid) \
	/* 50 */ CALL(getegid) CALL(acct) CALL(umount2) CALL(lock) CALL(ioctl) \
	CALL(fcntl) CALL(mpx) CALL(setpgid) CALL(ulimit) CALL(oldolduname) \
	/* 60 */ CALL(umask) CALL(chroot) CALL(ustat) CALL(dup2) CALL(getppid) \
	CALL(getpgrp) CALL(setsid) CALL(sigaction) CALL(sgetmask) \
	CALL(ssetmask) \
	/* 70 */ CALL(setreuid) CALL(setregid) CALL(sigsuspend) \
	CALL(sigpending) CALL(sethostname) CALL(setrlimit) CALL(getrlimit) \
	CALL(getrusage) CALL(gettimeofday) CALL(settimeofday) \
	/* 80 */ CALL(getgroups) CALL(setgroups) CALL(select) CALL(symlink) \
	CALL(oldlstat) CALL(readlink) CALL(uselib) CALL(swapon) CALL(reboot) \
	CALL(readdir) \
	/* 90 */ CALL(mmap) CALL(munmap) CALL(truncate) CALL(ftruncate) \
	CALL(fchmod) CALL(fchown) CALL(getpriority) CALL(setpriority) \
	CALL(profil) CALL(statfs) \
	/* 100 */ CALL(fstatfs) CALL(ioperm) CALL(socketcall) CALL(syslog) \
	CALL(setitimer) CALL(getitimer) CALL(stat) CALL(lstat) CALL(fstat) \
	CALL(olduname) \
	/* 110 */ CALL(iopl) CALL(vhangup) CALL(idle) CALL(vm86old) \
	CALL(wait4) CALL(swapoff) CALL(sysinfo) CALL(ipc) CALL(fsync) \
	CALL(sigreturn) \
	/* 120 */ CALL(clone) CALL(setdomainname) CALL(uname) CALL(modify_ldt) \
	CALL(adjtimex) CALL(mprotect) CALL(sigprocmask) CALL(create_module) \
	CALL(init_module) CALL(delete_module) \
	/* 130 */ CALL(get_kernel_syms) CALL(quotactl) CALL(getpgid) \
	CALL(fchdir) CALL(bdflush) CALL(sysfs) CALL(personality) \
	CALL(afs_syscall) CALL(setfsuid) CALL(setfsgid) \
	/* 140 */ CALL(_llseek) CALL(getdents) CALL(_newselect) CALL(flock) \
	CALL(msync) CALL(readv) CALL(writev) CALL(getsid) CALL(fdatasync) \
	CALL(_sysctl) \
	/* 150 */ CALL(mlock) CALL(munlock) CALL(mlockall) CALL(munlockall) \
	CALL(sched_setparam) CALL(sched_getparam) CALL(sched_setscheduler) \
	CALL(sched_getscheduler) CALL(sched_yield) \
	CALL(sched_get_priority_max) \
	/* 160 */ CALL(sched_get_priority_min) CALL(sched_rr_get_interval) \
	CALL(nanosleep) CALL(mremap) CALL(setresuid) CALL(getresuid) \
	CALL(vm86) CALL(query_module) CALL(poll) CALL(nfsservctl) \
	/* 170 */ CALL(setresgid) CALL(getresgid) CALL(prctl) \
	CALL(rt_sigreturn) CALL(rt_sigaction) CALL(rt_sigprocmask) \
	CALL(rt_sigpending) CALL(rt_sigtimedwait) CALL(rt_sigqueueinfo) \
	CALL(rt_sigsuspend) \
	/* 180 */ CALL(pread64) CALL(pwrite64) CALL(chown) CALL(getcwd) \
	CALL(capget) CALL(capset) CALL(sigaltstack) CALL(sendfile) \
	CALL(getpmsg) CALL(putpmsg) \
	/* 190 */ CALL(vfork) CALL(ugetrlimit) CALL(mmap2) CALL(truncate64) \
	CALL(ftruncate64) CALL(stat64) CALL(lstat64) CALL(fstat64) \
	CALL(lchown32) CALL(getuid32) \
	/* 200 */ CALL(getgid32) CALL(geteuid32) CALL(getegid32) \
	CALL(setreuid32) CALL(setregid32) CALL(getgroups32) CALL(setgroups32) \
	CALL(fchown32) CALL(setresuid32) CALL(getresuid32) \
	/* 210 */ CALL(setresgid32) CALL(getresgid32) CALL(chown32) \
	CALL(setuid32) CALL(setgid32) CALL(setfsuid32) CALL(setfsgid32) \
	CALL(pivot_root) CALL(mincore) CALL(madvise) \
	/* 220 */ CALL(getdents64) CALL(fcntl64) NONE NONE CALL(gettid) \
	CALL(readahead) CALL(setxattr) CALL(lsetxattr) CALL(fsetxattr) \
	CALL(getxattr) \
	/* 230 */ CALL(lgetxattr) CALL(fgetxattr) CALL(listxattr) \
	CALL(llistxattr) CALL(flistxattr) CALL(removexattr) CALL(lremovexattr) \
	CALL(fremovexattr) CALL(tkill) CALL(sendfile64) \
	/* 240 */ CALL(futex) CALL(sched_setaffinity) CALL(sched_getaffinity) \
	CALL(set_thread_area) CALL(get_thread_area) CALL(io_setup) \
	CALL(io_destroy) CALL(io_getevents) CALL(io_submit) CALL(io_cancel) \
	/* 250 */ CALL(fadvise64) NONE CALL(exit_group) CALL(lookup_dcookie) \
	CALL(epoll_create) CALL(epoll_ctl) CALL(epoll_wait) \
	CALL(remap_file_pages) CALL(set_tid_address) CALL(timer_create) \
	/* 260 */ CALL(timer_settime) CALL(timer_gettime) \
	CALL(timer_getoverrun) CALL(timer_delete) CALL(clock_settime) \
	CALL(clock_gettime) CALL(clock_getres) CALL(clock_nanosleep) \
	CALL(statfs64) CALL(fstatfs64) \
	/* 270 */ CALL(tgkill) CALL(utimes) CALL(fadvise64_64) CALL(vserver) \
	CALL(mbind) CALL(get_mempolicy) CALL(set_mempolicy) CALL(mq_open) \
	CALL(mq_unlink) CALL(mq_timedsend) \
	/* 280 */ CALL(mq_timedreceive) CALL(mq_notify) CALL(mq_getsetattr) \
	CALL(kexec_load) CALL(waitid) NONE CALL(add_key) CALL(request_key) \
	CALL(keyctl) CALL(ioprio_set) \
	/* 290 */ CALL(ioprio_get) CALL(inotify_init) CALL(inotify_add_watch) \
	CALL(inotify_rm_watch) CALL(migrate_pages) CALL(openat) CALL(mkdirat) \
	CALL(mknodat) CALL(fchownat) CALL(futimesat) \
	/* 300 */ CALL(fstatat64) CALL(unlinkat) CALL(renameat) CALL(linkat) \
	CALL(symlinkat) CALL(readlinkat) CALL(fchmodat) CALL(faccessat) \
	CALL(pselect6) CALL(ppoll) \
	/* 310 */ CALL(unshare) CALL(set_robust_list) CALL(get_robust_list) \
	CALL(splice) CALL(sync_file_range) CALL(tee) CALL(vmsplice) \
	CALL(move_pages) CALL(getcpu) CALL(epoll_pwait) \
	/* 320 */ CALL(utimensat) CALL(signalfd) CALL(timerfd_create) \
	CALL(eventfd) CALL(fallocate) CALL(timerfd_settime) \
	CALL(timerfd_gettime) CALL(signalfd4) CALL(eventfd2) \
	CALL(epoll_create1) \
	/* 330 */ CALL(dup3) CALL(pipe2) CALL(inotify_init1) CALL(preadv) \
	CALL(pwritev) CALL(rt_tgsigqueueinfo) CALL(perf_event_open) \
	CALL(recvmmsg) CALL(fanotify_init) CALL(fanotify_mark) \
	/* 340 */ CALL(prlimit64) CALL(name_to_handle_at) \
	CALL(open_by_handle_at) CALL(clock_adjtime) CALL(syncfs) \
	CALL(sendmmsg) CALL(setns) CALL(process_vm_readv) \
	CALL(process_vm_writev) CALL(kcmp) \
	/* 350 */ CALL(finit_module) CALL(sched_setattr) CALL(sched_getattr) \
	CALL(renameat2) CALL(seccomp) CALL(getrandom) CALL(memfd_create) \
	CALL(bpf) CALL(execveat) CALL(socket) \
	/* 360 */ CALL(socketpair) CALL(bind) CALL(connect) CALL(listen) \
	CALL(accept4) CALL(getsockopt) CALL(setsockopt) CALL(getsockname) \
	CALL(getpeername) CALL(sendto) \
	/* 370 */ CALL(sendmsg) CALL(recvfrom) CALL(recvmsg) CALL(shutdown) \
	CALL(userfaultfd) CALL(membarrier) CALL(mlock2) CALL(copy_file_range) \
	CALL(preadv2) CALL(pwritev2) \
	/* 380 */ CALL(pkey_mprotect) CALL(pkey_alloc) CALL(pkey_free) \
	CALL(statx) CALL(arch_prctl) CALL(io_pgetevents) CALL(rseq) NONE NONE \
	NONE \
	/* 390 */ NONE NONE NONE CALL(semget) CALL(semctl) CALL(shmget) \
	CALL(shmctl) CALL(shmat) CALL(shmdt) CALL(msgget) \
	/* 400 */ CALL(msgsnd) CALL(msgrcv) CALL(msgctl) CALL(clock_gettime64) \
	CALL(clock_settime64) CALL(clock_adjtime64) CALL(clock_getres_time64) \
	CALL(clock_nanosleep_time64) CALL(timer_gettime64) \
	CALL(timer_settime64) \
	/* 410 */ CALL(timerfd_gettime64) CALL(timerfd_settime64) \
	CALL(utimensat_time64) CALL(pselect6_time64) CALL(ppoll_time64) NONE \
	CALL(io_pgetevents_time64) CALL(recvmmsg_time64) \
	CALL(mq_timedsend_time64) CALL(mq_timedreceive_time64) \
	/* 420 */ CALL(semtimedop_time64) CALL(rt_sigtimedwait_time64) \
	CALL(futex_time64) CALL(sched_rr_get_interval_time64) \
	CALL(pidfd_send_signal) CALL(io_uring_setup) CALL(io_uring_enter) \
	CALL(io_uring_register) CALL(open_tree) CALL(move_mount) \
	/* 430 */ CALL(fsopen) CALL(fsconfig) CALL(fsmount) CALL(fspick) \
	CALL(pidfd_open) CALL(clone3) CALL(close_range) CALL(openat2) \
	CALL(pidfd_getfd) CALL(faccessat2) \
	/* 440 */ CALL(process_madvise) CALL(epoll_pwait2)
/* clang-format on */
