/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system calls of Linux i386, by number from 0 on: C(name) for each, and N
 * for a number that means nothing.
 */
#pragma once

/* clang-format off */
#define SYSCALLS(C, N) \
	/* 0 */ C(restart_syscall) C(exit) C(fork) C(read) C(write) C(open) \
	C(close) C(waitpid) C(creat) C(link) /* 10 */ C(unlink) C(execve) \
	C(chdir) C(time) C(mknod) C(chmod) C(lchown) C(break) C(oldstat) \
	C(lseek) /* 20 */ C(getpid) C(mount) C(umount) C(setuid) C(getuid) \
	C(stime) C(ptrace) C(alarm) C(oldfstat) C(pause) /* 30 */ C(utime) \
	C(stty) C(gtty) C(access) C(nice) C(ftime) C(sync) C(kill) C(rename) \
	C(mkdir) /* 40 */ C(rmdir) C(dup) C(pipe) C(times) C(prof) C(brk) \
	C(setgid) C(getgid) C(signal) C(geteuid) /* 50 */ C(getegid) C(acct) \
	C(umount2) C(lock) C(ioctl) C(fcntl) C(mpx) C(setpgid) C(ulimit) \
	C(oldolduname) /* 60 */ C(umask) C(chroot) C(ustat) C(dup2) C(getppid) \
	C(getpgrp) C(setsid) C(sigaction) C(sgetmask) C(ssetmask) \
	/* 70 */ C(setreuid) C(setregid) C(sigsuspend) C(sigpending) \
	C(sethostname) C(setrlimit) C(getrlimit) C(getrusage) C(gettimeofday) \
	C(settimeofday) /* 80 */ C(getgroups) C(setgroups) C(select) \
	C(symlink) C(oldlstat) C(readlink) C(uselib) C(swapon) C(reboot) \
	C(readdir) /* 90 */ C(mmap) C(munmap) C(truncate) C(ftruncate) \
	C(fchmod) C(fchown) C(getpriority) C(setpriority) C(profil) C(statfs) \
	/* 100 */ C(fstatfs) C(ioperm) C(socketcall) C(syslog) C(setitimer) \
	C(getitimer) C(stat) C(lstat) C(fstat) C(olduname) /* 110 */ C(iopl) \
	C(vhangup) C(idle) C(vm86old) C(wait4) C(swapoff) C(sysinfo) C(ipc) \
	C(fsync) C(sigreturn) /* 120 */ C(clone) C(setdomainname) C(uname) \
	C(modify_ldt) C(adjtimex) C(mprotect) C(sigprocmask) C(create_module) \
	C(init_module) C(delete_module) /* 130 */ C(get_kernel_syms) \
	C(quotactl) C(getpgid) C(fchdir) C(bdflush) C(sysfs) C(personality) \
	C(afs_syscall) C(setfsuid) C(setfsgid) /* 140 */ C(_llseek) \
	C(getdents) C(_newselect) C(flock) C(msync) C(readv) C(writev) \
	C(getsid) C(fdatasync) C(_sysctl) /* 150 */ C(mlock) C(munlock) \
	C(mlockall) C(munlockall) C(sched_setparam) C(sched_getparam) \
	C(sched_setscheduler) C(sched_getscheduler) C(sched_yield) \
	C(sched_get_priority_max) /* 160 */ C(sched_get_priority_min) \
	C(sched_rr_get_interval) C(nanosleep) C(mremap) C(setresuid) \
	C(getresuid) C(vm86) C(query_module) C(poll) C(nfsservctl) \
	/* 170 */ C(setresgid) C(getresgid) C(prctl) C(rt_sigreturn) \
	C(rt_sigaction) C(rt_sigprocmask) C(rt_sigpending) C(rt_sigtimedwait) \
	C(rt_sigqueueinfo) C(rt_sigsuspend) /* 180 */ C(pread64) C(pwrite64) \
	C(chown) C(getcwd) C(capget) C(capset) C(sigaltstack) C(sendfile) \
	C(getpmsg) C(putpmsg) /* 190 */ C(vfork) C(ugetrlimit) C(mmap2) \
	C(truncate64) C(ftruncate64) C(stat64) C(lstat64) C(fstat64) \
	C(lchown32) C(getuid32) /* 200 */ C(getgid32) C(geteuid32) \
	C(getegid32) C(setreuid32) C(setregid32) C(getgroups32) C(setgroups32) \
	C(fchown32) C(setresuid32) C(getresuid32) /* 210 */ C(setresgid32) \
	C(getresgid32) C(chown32) C(setuid32) C(setgid32) C(setfsuid32) \
	C(setfsgid32) C(pivot_root) C(mincore) C(madvise) \
	/* 220 */ C(getdents64) C(fcntl64) N N C(gettid) C(readahead) \
	C(setxattr) C(lsetxattr) C(fsetxattr) C(getxattr) \
	/* 230 */ C(lgetxattr) C(fgetxattr) C(listxattr) C(llistxattr) \
	C(flistxattr) C(removexattr) C(lremovexattr) C(fremovexattr) C(tkill) \
	C(sendfile64) /* 240 */ C(futex) C(sched_setaffinity) \
	C(sched_getaffinity) C(set_thread_area) C(get_thread_area) C(io_setup) \
	C(io_destroy) C(io_getevents) C(io_submit) C(io_cancel) \
	/* 250 */ C(fadvise64) N C(exit_group) C(lookup_dcookie) \
	C(epoll_create) C(epoll_ctl) C(epoll_wait) C(remap_file_pages) \
	C(set_tid_address) C(timer_create) /* 260 */ C(timer_settime) \
	C(timer_gettime) C(timer_getoverrun) C(timer_delete) C(clock_settime) \
	C(clock_gettime) C(clock_getres) C(clock_nanosleep) C(statfs64) \
	C(fstatfs64) /* 270 */ C(tgkill) C(utimes) C(fadvise64_64) C(vserver) \
	C(mbind) C(get_mempolicy) C(set_mempolicy) C(mq_open) C(mq_unlink) \
	C(mq_timedsend) /* 280 */ C(mq_timedreceive) C(mq_notify) \
	C(mq_getsetattr) C(kexec_load) C(waitid) N C(add_key) C(request_key) \
	C(keyctl) C(ioprio_set) /* 290 */ C(ioprio_get) C(inotify_init) \
	C(inotify_add_watch) C(inotify_rm_watch) C(migrate_pages) C(openat) \
	C(mkdirat) C(mknodat) C(fchownat) C(futimesat) /* 300 */ C(fstatat64) \
	C(unlinkat) C(renameat) C(linkat) C(symlinkat) C(readlinkat) \
	C(fchmodat) C(faccessat) C(pselect6) C(ppoll) /* 310 */ C(unshare) \
	C(set_robust_list) C(get_robust_list) C(splice) C(sync_file_range) \
	C(tee) C(vmsplice) C(move_pages) C(getcpu) C(epoll_pwait) \
	/* 320 */ C(utimensat) C(signalfd) C(timerfd_create) C(eventfd) \
	C(fallocate) C(timerfd_settime) C(timerfd_gettime) C(signalfd4) \
	C(eventfd2) C(epoll_create1) /* 330 */ C(dup3) C(pipe2) \
	C(inotify_init1) C(preadv) C(pwritev) C(rt_tgsigqueueinfo) \
	C(perf_event_open) C(recvmmsg) C(fanotify_init) C(fanotify_mark) \
	/* 340 */ C(prlimit64) C(name_to_handle_at) C(open_by_handle_at) \
	C(clock_adjtime) C(syncfs) C(sendmmsg) C(setns) C(process_vm_readv) \
	C(process_vm_writev) C(kcmp) /* 350 */ C(finit_module) \
	C(sched_setattr) C(sched_getattr) C(renameat2) C(seccomp) C(getrandom) \
	C(memfd_create) C(bpf) C(execveat) C(socket) /* 360 */ C(socketpair) \
	C(bind) C(connect) C(listen) C(accept4) C(getsockopt) C(setsockopt) \
	C(getsockname) C(getpeername) C(sendto) /* 370 */ C(sendmsg) \
	C(recvfrom) C(recvmsg) C(shutdown) C(userfaultfd) C(membarrier) \
	C(mlock2) C(copy_file_range) C(preadv2) C(pwritev2) \
	/* 380 */ C(pkey_mprotect) C(pkey_alloc) C(pkey_free) C(statx) \
	C(arch_prctl) C(io_pgetevents) C(rseq) N N N /* 390 */ N N N C(semget) \
	C(semctl) C(shmget) C(shmctl) C(shmat) C(shmdt) C(msgget) \
	/* 400 */ C(msgsnd) C(msgrcv) C(msgctl) C(clock_gettime64) \
	C(clock_settime64) C(clock_adjtime64) C(clock_getres_time64) \
	C(clock_nanosleep_time64) C(timer_gettime64) C(timer_settime64) \
	/* 410 */ C(timerfd_gettime64) C(timerfd_settime64) \
	C(utimensat_time64) C(pselect6_time64) C(ppoll_time64) N \
	C(io_pgetevents_time64) C(recvmmsg_time64) C(mq_timedsend_time64) \
	C(mq_timedreceive_time64) /* 420 */ C(semtimedop_time64) \
	C(rt_sigtimedwait_time64) C(futex_time64) \
	C(sched_rr_get_interval_time64) C(pidfd_send_signal) C(io_uring_setup) \
	C(io_uring_enter) C(io_uring_register) C(open_tree) C(move_mount) \
	/* 430 */ C(fsopen) C(fsconfig) C(fsmount) C(fspick) C(pidfd_open) \
	C(clone3) C(close_range) C(openat2) C(pidfd_getfd) C(faccessat2) \
	/* 440 */ C(process_madvise) C(epoll_pwait2)
/* clang-format on */
