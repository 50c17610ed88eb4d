/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypercalls themselves, by subject. Private to hv/vmm/hcall.c and
 * hv/vmm/hc_*.c.
 */
#pragma once

#include "hv/vmm/guest.h"

typedef void (*hcall_fn)(struct vcpu *v, const struct hcall_args *a);

/* hv/vmm/hc_misc.c */
void hc_init(struct vcpu *v, const struct hcall_args *a);
void hc_notify(struct vcpu *v, const struct hcall_args *a);
void hc_shutdown(struct vcpu *v, const struct hcall_args *a);
void hc_query(struct vcpu *v, const struct hcall_args *a);
void hc_ts(struct vcpu *v, const struct hcall_args *a);
void hc_set_clockevent(struct vcpu *v, const struct hcall_args *a);
void hc_halt(struct vcpu *v, const struct hcall_args *a);

/* hv/vmm/hc_mmu.c */
void hc_new_pgtable(struct vcpu *v, const struct hcall_args *a);
void hc_flush_tlb(struct vcpu *v, const struct hcall_args *a);
void hc_set_pte(struct vcpu *v, const struct hcall_args *a);
void hc_set_pmd(struct vcpu *v, const struct hcall_args *a);
void hc_set_pgd(struct vcpu *v, const struct hcall_args *a);

/* hv/vmm/hc_desc.c */
void hc_load_idt_entry(struct vcpu *v, const struct hcall_args *a);
void hc_load_gdt_entry(struct vcpu *v, const struct hcall_args *a);
void hc_load_tls(struct vcpu *v, const struct hcall_args *a);
void hc_set_stack(struct vcpu *v, const struct hcall_args *a);
